// One's own account: the password and the sessions.

import { signIn } from "../support/sign-in.ts";
import { expect, hydrated, open, PASSWORD, test } from "../support/test.ts";

test("another session is seen and ended", async ({ page, browser, baseURL, accessible }) => {
  await signIn(page);
  const other = await (await browser.newContext({ baseURL })).newPage();
  await signIn(other);
  await open(page, "/account");
  await accessible();
  const rows = page.locator("tbody > tr");
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: "This session" })).toHaveCount(1);
  await expect(rows.first()).toContainText(/Chrome on (Linux|Windows)/);
  await expect(rows.first()).toContainText("127.0.0.1");
  await page.getByRole("button", { name: /^End the session of/ }).click();
  await expect(page.getByText("The session has ended.")).toBeVisible();
  await expect(rows).toHaveCount(1);
  await other.goto("/account");
  await expect(other).toHaveURL(/sign-in/);
  await other.context().close();
});

test("changing the password needs the present one and ends the other sessions", async ({
  page,
  browser,
  baseURL,
  problems,
}) => {
  problems.expect(/status 422: POST/, /console error: Failed to load resource.*422/);
  await signIn(page);
  const other = await (await browser.newContext({ baseURL })).newPage();
  await signIn(other);
  await open(page, "/account");
  await page.getByLabel("Present password").fill("not the password");
  await page.getByLabel("New password", { exact: true }).fill("another horse");
  await page.getByLabel("Repeat new password").fill("another horse");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Present password")).toHaveAccessibleDescription("This is not your present password.");

  await page.getByLabel("Present password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password was changed")).toBeVisible();
  await other.goto("/account");
  await expect(other).toHaveURL(/sign-in/);
  await other.getByLabel("User name").fill("admin");
  await other.getByLabel("Password").fill("another horse");
  await other.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByRole("group", { name: "Account" })).toContainText("admin");
  await other.context().close();
});

test("the menu's name leads to the account", async ({ page }) => {
  await signIn(page);
  await hydrated(page);
  await page.getByRole("group", { name: "Account" }).getByRole("link", { name: "admin" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your account");
});
