// How the console is tested: in Debian's Chromium, one test at a time, each against a server of its own.

import { defineConfig, devices } from "@playwright/test";

const chromium = {
  ...devices["Desktop Chrome"],
  launchOptions: {
    executablePath: process.env.HUMPBACK_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      // Else Chromium asks for updates and fills the log with refused connections.
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results/runs",
  snapshotPathTemplate: "{testDir}/{testFileName}-snapshots/{arg}{ext}",
  workers: 1,
  forbidOnly: true,
  // A second try tells a slow machine from a defect; the report lists what needed one as flaky.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: { ...chromium, trace: "on-first-retry", screenshot: "only-on-failure", video: "off" },
  projects: [
    { name: "console", testDir: "tests/specs" },
    { name: "no-scripts", testDir: "tests/no-scripts", use: { javaScriptEnabled: false } },
    { name: "screenshots", testDir: "tests/screenshots" },
  ],
});
