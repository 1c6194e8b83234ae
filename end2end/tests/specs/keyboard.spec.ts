// Everything with the keyboard alone.

import { type Locator, type Page } from "@playwright/test";

import { pullManifest, pushImage } from "../support/push.ts";
import { expect, hydrated, open, PASSWORD, test } from "../support/test.ts";

/** Presses Tab until `target` has the focus; it must come within a page's worth of stops. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < 60; stops++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${target} was not reached with Tab`);
}

test("the first stop skips to the content", async ({ page }) => {
  await open(page, "/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("sign in, delete a tag, change the configuration", async ({ page, server }) => {
  await pushImage(server, "team/app", "1.0");
  await open(page, "/repositories/team/app");
  await tabTo(page, page.getByRole("group", { name: "Account" }).getByRole("link", { name: "Sign in" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/sign-in/);
  await hydrated(page);
  await tabTo(page, page.getByLabel("User name"));
  await page.keyboard.type("admin");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/repositories/team/app");
  await hydrated(page);

  await tabTo(page, page.getByRole("link", { name: "Delete tag 1.0" }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "Delete tag 1.0" })).toBeFocused();
  await page.keyboard.press("Enter");
  const confirm = dialog.getByRole("button", { name: "Delete tag" });
  await expect(confirm).toBeVisible();
  await tabTo(page, confirm);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "No tags" })).toBeVisible();
  expect((await pullManifest(server, "team/app", "1.0")).status).toBe(404);

  await tabTo(page, page.getByRole("link", { name: "System Config" }).first());
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("System Config");
  await tabTo(page, page.getByLabel("Enable Private Registry"));
  await page.keyboard.press("Space");
  await tabTo(page, page.getByRole("button", { name: "Save configuration" }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Saved as version 1. It is in force.")).toBeVisible();
  expect((await fetch(`${server.url}/v2/`)).status).toBe(503);
});
