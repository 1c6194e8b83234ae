// Manage → Users → Groups: made, filled, renamed, deleted; and from a user's own page.

import { signIn } from "../support/sign-in.ts";
import { expect, fits, hydrated, open, test } from "../support/test.ts";

test("a group is made, filled, renamed and deleted", async ({ page, problems, accessible }) => {
  problems.expect(/status 422: POST/, /console error: Failed to load resource.*422/);
  await signIn(page, "/manage/users");
  await hydrated(page);
  await page.getByRole("navigation", { name: "Users and groups" }).getByRole("link", { name: "Groups" }).click();
  await expect(page.getByRole("heading", { name: "There is no group yet" })).toBeVisible();
  await accessible();
  await page.getByLabel("Group name").fill("a b");
  await page.getByRole("button", { name: "Add group" }).click();
  await expect(page.getByLabel("Group name")).toHaveAccessibleDescription(/letters, digits/);
  await page.getByLabel("Group name").fill("Dev");
  await page.getByRole("button", { name: "Add group" }).click();
  await expect(page.getByText("The group was added.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("dev");
  await accessible();

  await hydrated(page);
  await page.getByLabel("User name").fill("ghost");
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByLabel("User name")).toHaveAccessibleDescription(/no user of this name/);
  await page.getByLabel("User name").fill("admin");
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByText("The user was added to the group.")).toBeVisible();
  await expect(page.getByRole("table").getByRole("link", { name: "admin" })).toBeVisible();
  await accessible();

  await hydrated(page);
  await page.getByLabel("Group name").fill("engineers");
  await page.getByRole("button", { name: "Rename group" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("engineers");
  await hydrated(page);
  await page.getByRole("button", { name: "Remove admin from the group" }).click();
  await expect(page.getByText("Nobody is in this group yet.")).toBeVisible();

  await hydrated(page);
  await page.getByText("Delete this group…").click();
  await page.getByRole("button", { name: "Delete group" }).click();
  await expect(page.getByText("The group engineers was deleted.")).toBeVisible();
});

test("the groups of a user are chosen on his page", async ({ page, accessible }) => {
  await signIn(page, "/manage/groups");
  for (const name of ["dev", "ops"]) {
    await open(page, "/manage/groups");
    await page.getByLabel("Group name").fill(name);
    await page.getByRole("button", { name: "Add group" }).click();
    await expect(page.getByText("The group was added.")).toBeVisible();
  }
  await open(page, "/manage/user/admin");
  await page.getByLabel("ops").check();
  await page.getByRole("button", { name: "Save groups" }).click();
  await expect(page.getByText("The groups were saved.")).toBeVisible();
  await expect(page.getByLabel("ops")).toBeChecked();
  await expect(page.getByLabel("dev")).not.toBeChecked();
  await accessible();
  await hydrated(page);
  await page.getByLabel("ops").uncheck();
  // It leads to the same address, with the same note.
  const saved = page.waitForEvent("load");
  await page.getByRole("button", { name: "Save groups" }).click();
  await saved;
  await expect(page.getByLabel("ops")).not.toBeChecked();
  await open(page, "/manage/activity");
  await expect(page.getByText("Changed a user's groups").first()).toBeVisible();
});

test.describe("narrow", () => {
  test.use({ viewport: { width: 320, height: 640 } });
  test("the pages fit", async ({ page }) => {
    await signIn(page, "/manage/groups");
    await hydrated(page);
    const name = "a-very-long-name-".repeat(3) + "x";
    await page.getByLabel("Group name").fill(name);
    await page.getByRole("button", { name: "Add group" }).click();
    await expect(page.getByText("The group was added.")).toBeVisible();
    for (const path of ["/manage/groups", `/manage/group/${name}`, "/manage/user/admin"]) {
      await open(page, path);
      await fits(page);
    }
  });
});
