// Manage → Users: created, given a role, reset, disabled, deleted; and what a member sees.

import { type Page } from "@playwright/test";

import { signIn } from "../support/sign-in.ts";
import { expect, fits, hydrated, open, PASSWORD, test } from "../support/test.ts";

const main = (page: Page) => page.getByRole("main");

/** Adds a user through the page, with a typed password. */
async function addUser(page: Page, name: string, role: string, password: string): Promise<void> {
  await open(page, "/manage/new-user");
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Role").selectOption(role);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page).toHaveURL(new RegExp(`/manage/user/${name}\\?done=created$`));
}

/** Signs someone in who is not the administrator of `signIn`. */
async function enter(page: Page, name: string, password: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(password);
  await main(page).getByRole("button", { name: "Sign in" }).click();
}

test("a generated password is shown once and lets its owner in", async ({ page, accessible }) => {
  await signIn(page, "/manage/users");
  await hydrated(page);
  await accessible();
  await page.getByRole("link", { name: "Add user" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Add a user");
  await accessible();
  await page.getByLabel("User name").fill("Ann");
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page).toHaveURL("/manage/issued-password");
  await accessible();
  const password = await main(page).locator("code").first().innerText();
  expect(password).toMatch(/^([0-9a-z]{5}-){3}[0-9a-z]{5}$/);
  await page.reload();
  await expect(page.getByRole("heading", { name: "There is no password to show" })).toBeVisible();

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
  await enter(page, "ann", password.trim());
  await expect(page.getByRole("group", { name: "Account" })).toContainText("ann");
});

test("what can't be accepted is said by the field", async ({ page, problems }) => {
  problems.expect(/status 422: POST/, /console error: Failed to load resource.*422/);
  await signIn(page, "/manage/new-user");
  await hydrated(page);
  await page.getByLabel("User name").fill("a b");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByLabel("User name")).toHaveAccessibleDescription(/letters, digits/);
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/at least 8/);
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill("long enough");
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByLabel("User name")).toHaveAccessibleDescription(/a user of this name already/);
});

test("role, disabling and deleting act at once; the last administrator stays", async ({
  page,
  browser,
  baseURL,
  problems,
  accessible,
}) => {
  problems.expect(/status 409: POST/, /console error: Failed to load resource.*409/);
  await signIn(page);
  await addUser(page, "bob", "member", "another horse");
  await accessible();

  const bob = await (await browser.newContext({ baseURL })).newPage();
  await enter(bob, "bob", "another horse");
  await expect(bob.getByRole("group", { name: "Account" })).toContainText("bob");
  await hydrated(bob);
  await expect(bob.getByRole("link", { name: "Your account" })).toBeVisible();
  await expect(bob.getByRole("link", { name: "System Config" })).toHaveCount(0);
  const forbidden = await bob.goto("/manage/users");
  expect(forbidden?.status()).toBe(403);
  await expect(bob.getByText("Your account may not do this.")).toBeVisible();

  await page.getByLabel("Role").selectOption("administrator");
  await page.getByRole("button", { name: "Change role" }).click();
  await expect(page.getByText("The role was changed.")).toBeVisible();
  expect((await bob.goto("/manage/users"))?.status()).toBe(200);

  await hydrated(page);
  await page.getByRole("button", { name: "Disable user" }).click();
  await expect(page.getByText("The user was disabled")).toBeVisible();
  await bob.goto("/manage/users");
  await expect(bob).toHaveURL(/sign-in/);
  await bob.context().close();

  await open(page, "/manage/user/admin");
  await page.getByRole("button", { name: "Disable user" }).click();
  await expect(page.getByRole("alert")).toContainText("must remain an administrator");

  await open(page, "/manage/user/bob");
  await page.getByText("Delete this user…").click();
  await page.getByRole("button", { name: "Delete user" }).click();
  await expect(page.getByText("The user bob was deleted.")).toBeVisible();
  await expect(page.getByRole("table").getByRole("link", { name: "bob" })).toHaveCount(0);
});

test("the list is searched and ordered in its address", async ({ page }) => {
  await signIn(page);
  await addUser(page, "carol", "member", "another horse");
  await open(page, "/manage/users?q=car");
  await expect(page.locator("tbody > tr")).toHaveCount(1);
  await open(page, "/manage/users");
  await page.getByRole("columnheader", { name: "User" }).getByRole("link").click();
  await expect(page).toHaveURL(/order=desc/);
  await expect(page.locator("tbody > tr").first()).toContainText("carol");
});

test.describe("narrow", () => {
  test.use({ viewport: { width: 320, height: 640 } });
  test("the pages fit", async ({ page }) => {
    await signIn(page);
    const name = "a-very-long-name-".repeat(3) + "x";
    await addUser(page, name, "member", PASSWORD);
    for (const path of ["/manage/users", `/manage/user/${name}`, "/manage/new-user", "/manage/activity", "/account"]) {
      await open(page, path);
      await fits(page);
    }
  });
});
