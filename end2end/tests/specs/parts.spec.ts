// The code of a page comes when the page is opened, and the first page is small.

import { expect, open, test } from "../support/test.ts";

/** What the first page may weigh: WebAssembly, JavaScript and style sheet as they are sent, in bytes. */
const FIRST_PAGE = 450 * 1024;

test("the first page brings its own code alone", async ({ page }) => {
  await open(page, "/");
  const files = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map((entry) => entry as PerformanceResourceTiming)
      .filter((entry) => /\.(wasm|js|css)$/.test(entry.name))
      .map((entry) => ({ name: entry.name, bytes: entry.encodedBodySize })),
  );
  const names = files.map((file) => file.name).join("\n");
  expect(names).toContain("split_home");
  expect(names).not.toContain("split_guide");
  expect(names).not.toContain("split_palette");
  const sent = files.reduce((sum, file) => sum + file.bytes, 0);
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThanOrEqual(FIRST_PAGE);
});

test("a page whose code does not come is asked of the server", async ({ page, problems }) => {
  // The request, and what comes of it.
  problems.expect(/split_guide/, /Failed to fetch/);
  await open(page, "/");
  await page.route(/split_guide/, (route) => route.abort("connectionfailed"));
  await page.getByRole("link", { name: "Setup guide" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Setup guide");
  await expect(page).toHaveURL(/\/setup$/);
  // The server's page, which works without the browser's half.
  await expect(page.locator("html")).not.toHaveAttribute("data-hydrated");
});
