// The explorer: what was pushed is found, read, and can be deleted.

import { expect, hydrated, open, test } from "../support/test.ts";
import { pullManifest, pushImage, pushIndex } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";

const rows = "tbody > tr";

test("an empty registry shows how to push", async ({ page, server, accessible }) => {
  await open(page, "/repositories");
  await expect(page.getByRole("heading", { name: "No repositories yet" })).toBeVisible();
  await expect(page.getByText(`docker push ${server.host}/my-image:latest`)).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);
  await accessible();
});

test("search, order and page live in the address", async ({ page, server, accessible }) => {
  for (const name of ["team/app", "team/web", "tools/build"]) await pushImage(server, name, "1.0");
  await pushImage(server, "team/app", "1.1", { layers: ["x".repeat(5000)] });
  await open(page, "/repositories");
  await expect(page.locator(rows)).toHaveCount(3);
  await accessible();

  await page.getByRole("searchbox", { name: "Search repositories" }).fill("team");
  await expect(page).toHaveURL(/q=team/);
  await expect(page.locator(rows)).toHaveCount(2);
  await expect(page.getByRole("status")).toHaveText("2 repositories match");
  await page.reload();
  await hydrated(page);
  await expect(page.locator(rows)).toHaveCount(2);
  await expect(page.getByRole("searchbox")).toHaveValue("team");

  await page.getByRole("columnheader", { name: "Tags" }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "Tags" })).toHaveAttribute("aria-sort", /ascending|descending/);
  const order = await page.locator(rows).getByRole("rowheader").allInnerTexts();
  await page.getByRole("columnheader", { name: "Tags" }).getByRole("link").click();
  await expect(page.locator(rows).getByRole("rowheader")).toHaveText(order.toReversed());
  await page.goBack();
  await expect(page.locator(rows).getByRole("rowheader")).toHaveText(order);

  await page.getByRole("searchbox").fill("nothing-like-it");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await accessible();
  await page.getByRole("link", { name: "Clear search" }).click();
  await expect(page.locator(rows)).toHaveCount(3);
});

test("fifty to a page", async ({ page, server }) => {
  for (let at = 0; at < 60; at++) await pushImage(server, `r${String(at).padStart(2, "0")}`, "1", { layers: ["same"] });
  await open(page, "/repositories?sort=name");
  await expect(page.locator(rows)).toHaveCount(50);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.locator(rows)).toHaveCount(10);
  await expect(page.locator(rows).first()).toContainText("r50");
});

test("a manifest shows its platforms, layers, configuration and text", async ({ page, server, accessible }) => {
  const platforms = [
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "arm64" },
  ];
  await pushIndex(server, "team/app", "2.0", platforms);
  await open(page, "/repositories");
  await page.getByRole("link", { name: "team/app" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("team/app");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.locator(rows)).toHaveCount(3);
  await accessible();
  await page.locator(rows).getByRole("link", { name: "2.0", exact: true }).click();
  await expect(page.getByText(`docker pull ${server.host}/team/app:2.0`)).toBeVisible();
  await expect(page.locator(rows)).toContainText(["linux/amd64", "linux/arm64"]);
  await accessible();

  await page.locator(rows).first().getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Layers" })).toBeVisible();
  await expect(page.locator(rows).first()).toContainText("COPY part-0 /");
  await page.getByRole("link", { name: "Configuration" }).click();
  await expect(page.getByText("/app", { exact: true }).first()).toBeVisible();
  await page.getByRole("link", { name: "Manifest as JSON" }).click();
  await expect(page.getByText('"schemaVersion": 2').first()).toBeVisible();
  await accessible();
});

test("text from an image is shown, never run", async ({ page, server }) => {
  const markup = "<img src=x onerror=\"document.title='taken over'\">";
  await pushImage(server, "team/app", "1.0", { labels: { [markup]: markup } });
  await open(page, "/manifests/team/app?reference=1.0&tab=config");
  await expect(page.getByText(markup).first()).toBeVisible();
  await expect(page).toHaveTitle(/team\/app/);
});

test("deleting a tag makes the pull fail", async ({ page, server, accessible }) => {
  const image = await pushImage(server, "team/app", "1.0");
  await pushImage(server, "team/app", "1.1");
  await signIn(page, "/repositories/team/app");
  await hydrated(page);
  await page.getByRole("link", { name: "Delete tag 1.0" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete tag" });
  await expect(dialog).toContainText("Delete the tag 1.0 of team/app?");
  await expect(dialog).toContainText(image.digest);
  await accessible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect((await pullManifest(server, "team/app", "1.0")).status).toBe(200);

  await page.getByRole("link", { name: "Delete tag 1.0" }).click();
  await dialog.getByRole("button", { name: "Delete tag" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("status")).toHaveText("Tag 1.0 deleted");
  await expect(page.locator(rows)).toHaveCount(1);
  expect(await pullManifest(server, "team/app", "1.0")).toMatchObject({
    status: 404,
    error: { code: "MANIFEST_UNKNOWN" },
  });
  expect((await pullManifest(server, "team/app", image.digest)).status).toBe(200);
});

test("whoever is not signed in is offered no deletion", async ({ page, server }) => {
  await pushImage(server, "team/app", "1.0");
  await open(page, "/repositories/team/app");
  await expect(page.locator(rows)).toHaveCount(1);
  await expect(page.getByRole("link", { name: /Delete/ })).toHaveCount(0);
});

test("what is not there keeps the navigation and offers the nearest name", async ({ page, server, problems, accessible }) => {
  problems.expect(/status 404/, /console error: Failed to load resource.*404/);
  await pushImage(server, "team/app", "1.0");
  await open(page, "/repositories/team/ap");
  await expect(page.getByRole("heading", { name: "No such repository" })).toBeVisible();
  await accessible();
  await page.getByRole("link", { name: "Did you mean team/app?" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("team/app");
  await open(page, "/no/such/page");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
  await expect(page.getByRole("link", { name: "Setup guide" })).toBeVisible();
});
