// The list of repositories: what finds them besides their names, and by namespace.

import type { Page } from "@playwright/test";

import { expect, fits, hydrated, open, test } from "../support/test.ts";
import { pushImage } from "../support/push.ts";
import type { Server } from "../support/server.ts";

const rows = "tbody > tr";

/** Repositories in namespaces, one of them deep. */
async function pushAll(server: Server): Promise<void> {
  for (const name of ["team/app", "team/back/api", "team/back/jobs", "tools"]) await pushImage(server, name, "1.0");
}

function row(page: Page, name: string) {
  return page.locator(rows).filter({ has: page.getByRole("link", { name, exact: true }) });
}

test("a tag, a label and a digest find the repository and say why", async ({ page, server, accessible }) => {
  await pushImage(server, "team/app", "1.4-rc1", { labels: { "org.opencontainers.image.title": "Payment Service" } });
  const image = await pushImage(server, "tools/build", "2.0");
  await open(page, "/repositories");
  await expect(page.locator(rows)).toHaveCount(2);
  const search = page.getByRole("searchbox", { name: "Search repositories" });

  await search.fill("rc1");
  await expect(page.locator(rows)).toHaveCount(1);
  await expect(page.locator(rows)).toContainText("Tag 1.4-rc1");
  await expect(page.getByRole("status")).toHaveText("1 repository matches");
  await accessible();

  await search.fill("payment");
  await expect(page.locator(rows)).toContainText("Label org.opencontainers.image.title=Payment Service");
  await search.fill("org.opencontainers.image.title=pay");
  await expect(page.locator(rows)).toContainText("Label org.opencontainers.image.title=Payment Service");

  await search.fill(image.digest.slice("sha256:".length, "sha256:".length + 12));
  await expect(page.locator(rows)).toContainText(`Digest ${image.digest}`);
  await expect(page.locator(rows)).toContainText("tools/build");
  await accessible();
  await page.getByRole("link", { name: image.digest }).click();
  await expect(page).toHaveURL(/\/manifests\/tools\/build\?reference=sha256/);
  await expect(page.getByRole("heading", { name: "Layers" })).toBeVisible();

  await page.goBack();
  // The manifest's page has rows, too.
  await expect(page).toHaveURL((url) => url.pathname === "/repositories");
  await expect(page.locator(rows)).toHaveCount(1);
  await expect(page.locator(rows)).toContainText("tools/build");
  await page.getByRole("searchbox").fill("nothing-like-it");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await accessible();
});

test("the part of a name that was searched for is marked", async ({ page, server }) => {
  await pushAll(server);
  await open(page, "/repositories?q=BACK&sort=name");
  await expect(page.locator(rows)).toHaveCount(2);
  await expect(page.locator("mark")).toHaveText(["back", "back"]);
  await expect(page.getByRole("link", { name: "team/back/api", exact: true })).toBeVisible();
});

test("namespaces open one after the other, and the choice is remembered", async ({ page, server, accessible }) => {
  await pushAll(server);
  await open(page, "/repositories");
  await expect(page.locator(rows)).toHaveCount(4);
  const view = page.getByRole("navigation", { name: "View" });
  await expect(view.getByRole("link", { name: "List" })).toHaveAttribute("aria-current", "true");

  await view.getByRole("link", { name: "By namespace" }).click();
  await expect(page.locator(rows)).toHaveCount(2);
  await expect(row(page, "team/")).toContainText("3 repositories");
  await accessible();

  await row(page, "team/").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("team");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.locator(rows)).toHaveCount(2);
  await row(page, "team/back/").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("team/back");
  await expect(page.locator(rows)).toHaveCount(2);
  await accessible();

  // What is searched here is searched below.
  await page.getByRole("searchbox").fill("api");
  await expect(page.locator(rows)).toHaveCount(1);
  await page.getByRole("searchbox").fill("tools");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await page.getByRole("searchbox").fill("");
  await expect(page.locator(rows)).toHaveCount(2);

  await page.getByRole("navigation", { name: "You are here" }).getByRole("link", { name: "team" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("team");
  await page.getByRole("navigation", { name: "You are here" }).getByRole("link", { name: "Repositories" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Repositories");

  await open(page, "/repositories");
  await expect(page.locator(rows)).toHaveCount(2);
  await view.getByRole("link", { name: "List" }).click();
  await expect(page.locator(rows)).toHaveCount(4);
  await page.goto("/repositories");
  await hydrated(page);
  await expect(page.locator(rows)).toHaveCount(4);
});

test("a namespace that is not there leads back to all", async ({ page, server, accessible }) => {
  await pushAll(server);
  await open(page, "/repositories?in=nowhere/");
  await expect(page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
  await accessible();
  await page.getByRole("link", { name: "All repositories" }).click();
  await expect(page.locator(rows)).toHaveCount(4);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test("reasons and namespaces fit", async ({ page, server }) => {
    const labels = { [`org.${"very-long-".repeat(8)}key`]: "value/".repeat(20) };
    await pushImage(server, `team/${"long-".repeat(20)}name`, "1.0", { labels });
    await open(page, "/repositories?q=value");
    await expect(page.locator(rows)).toContainText("Label org.very-long-");
    await fits(page);
    await open(page, "/repositories?view=tree");
    await expect(page.locator(rows)).toHaveCount(1);
    await fits(page);
  });
});
