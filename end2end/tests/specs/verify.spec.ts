// A client that reaches the registry shows up on the setup guide's page while one looks at it.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Page } from "@playwright/test";

import { expect, fits, open, test } from "../support/test.ts";
import { Docker } from "../support/docker.ts";
import { pushImage } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";

const DOCKER =
  "docker/24.0.5 go/go1.20.6 git-commit/a61e2b4 kernel/5.15.0-78-generic os/linux arch/amd64 " +
  "UpstreamClient(Docker-Client/24.0.5 \\(linux\\))";

/** Where the guide's page hears of clients. */
const FEED = /\/api\/visits\?after=\d+$/;

/** Opens the guide, and waits until it hears of clients. */
async function listen(page: Page): Promise<void> {
  const feed = page.waitForResponse(FEED);
  await open(page, "/setup");
  await feed;
}

test("a client is seen live: what it is, where it is, what it did", async ({ page, server, accessible }) => {
  await signIn(page);
  await listen(page);
  const status = page.getByRole("main").getByRole("status");
  await expect(status).toHaveText("Waiting for a client…");

  await fetch(`${server.url}/v2/`, { headers: { "user-agent": DOCKER } });
  await expect(status).toHaveText("Docker 24.0.5 (linux/amd64) from 127.0.0.1 reached the registry");

  await pushImage(server, "team/app", "1.0");
  await fetch(`${server.url}/v2/team/app/manifests/1.0`, { headers: { "user-agent": DOCKER } });
  await expect(status).toHaveText("Docker 24.0.5 (linux/amd64) from 127.0.0.1 pulled team/app:1.0");
  const visits = page.getByRole("list", { name: "Clients that came lately" }).getByRole("listitem");
  await expect(visits.filter({ hasText: "pushed team/app:1.0" })).toHaveCount(1);
  await accessible();

  // The page shows the same when it is loaded anew.
  await page.reload();
  await expect(visits.first()).toContainText("pulled team/app:1.0");
});

test("a client that comes before the page's scripts listen is told as well", async ({ page, server }) => {
  await signIn(page);
  await page.route(FEED, async (route) => {
    await fetch(`${server.url}/v2/`, { headers: { "user-agent": DOCKER } });
    await route.continue();
  });
  await open(page, "/setup");
  const status = page.getByRole("main").getByRole("status");
  await expect(status).toHaveText("Docker 24.0.5 (linux/amd64) from 127.0.0.1 reached the registry");
});

test("skopeo is seen, and what it did wrong leads to the mend", async ({ page, server }) => {
  await signIn(page);
  await listen(page);
  const status = page.getByRole("main").getByRole("status");
  const inspect = ["inspect", `docker://${server.host}/team/missing:1.0`];
  // Loopback or not, skopeo speaks TLS unless it is told otherwise.
  await expect(promisify(execFile)("skopeo", inspect)).rejects.toThrow(/server gave HTTP response to HTTPS client/);
  await expect(status).toContainText("spoke HTTPS, but this port speaks HTTP");
  await expect(promisify(execFile)("skopeo", [...inspect, "--tls-verify=false"])).rejects.toThrow(/manifest unknown/);
  await expect(status).toHaveText(/^Skopeo .* asked for an image that is not here: team\/missing:1\.0$/);

  const failed = page.getByRole("listitem").filter({ hasText: "spoke HTTPS" });
  await failed.getByRole("link", { name: "How to mend this" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The client speaks HTTPS, the registry speaks HTTP");
});

test("from an address to a real docker: typed, merged, seen live", async ({ page, server, accessible }) => {
  const missing = Docker.missing();
  test.skip(missing !== undefined, missing);
  test.setTimeout(180_000);
  await signIn(page, "/setup");
  await open(page, "/setup?target=debian");
  const address = page.getByLabel("Registry address");
  await address.fill("192.168.1.10:5000");
  const merge = page.getByRole("region", { name: "Have your files changed" });
  const file = merge.getByLabel("/etc/docker/daemon.json");
  await file.fill('{\n  "debug": true,\n}\n');
  await merge.getByRole("button", { name: "Show the change" }).click();
  await expect(merge.getByText("Line 3, column 1")).toBeVisible();
  await file.fill('{\n  "debug": true\n}\n');
  await merge.getByRole("button", { name: "Show the change" }).click();
  await expect(merge.locator("ins").last()).toContainText('"insecure-registries": ["192.168.1.10:5000"]');

  // This machine's own address, at which docker needs no configuration; the page says what to run.
  await address.fill(server.host);
  const command = `docker pull ${server.host}/verify`;
  await expect(page.locator(".code-block", { hasText: command })).toBeVisible();
  const status = page.getByRole("main").getByRole("status");
  await expect(status).toHaveText("Waiting for a client…");
  const docker = await Docker.start();
  try {
    await expect(docker.run("pull", `${server.host}/verify`)).rejects.toThrow(/manifest unknown|not found/);
    await expect(status).toHaveText(/^Docker \d+\S* \(linux\/\w+\) from 127\.0\.0\.1 .*asked for .* that is not here/);
    await pushImage(server, "team/app", "1.0");
    await docker.run("pull", "--quiet", `${server.host}/team/app:1.0`).catch(() => undefined);
    await expect(status).toHaveText(/^Docker .* from 127\.0\.0\.1 pulled team\/app:1\.0$/);
  } finally {
    await docker.stop();
  }
  await accessible();
});

test("who is not signed in sees the kind of client and no more", async ({ page, server }) => {
  await pushImage(server, "team/secret", "1.0");
  await listen(page);
  await fetch(`${server.url}/v2/team/secret/manifests/1.0`, { headers: { "user-agent": "skopeo/1.9.3" } });
  const main = page.getByRole("main");
  await expect(main.getByRole("status")).toHaveText("Skopeo 1.9.3 from your own address pulled an image");
  await expect(main).not.toContainText("team/secret");
});

test("the page fits a phone", async ({ page, server }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await fetch(`${server.url}/v2/`, { headers: { "user-agent": DOCKER } });
  await open(page, "/setup");
  await expect(page.getByRole("listitem").filter({ hasText: "Docker 24.0.5" })).toBeVisible();
  await fits(page);
});
