// Access tokens: made on one's own account's page, shown once, revoked there and by an administrator.

import { type Page } from "@playwright/test";

import { signIn } from "../support/sign-in.ts";
import { expect, fits, hydrated, open, test } from "../support/test.ts";

const main = (page: Page) => page.getByRole("main");

async function create(page: Page, name: string): Promise<string> {
  await open(page, "/account/new-token");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create access token" }).click();
  await expect(page).toHaveURL("/account/issued-token");
  return (await main(page).locator("code").first().innerText()).trim();
}

test("a limited token is made and shown once", async ({ page, accessible }) => {
  await signIn(page, "/account");
  await hydrated(page);
  await page.getByRole("link", { name: "New access token" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New access token");
  await expect(page.getByLabel("Last day")).toBeHidden();
  await expect(page.getByLabel("Repositories", { exact: true }).first()).toBeHidden();
  await accessible();
  await page.getByLabel("Only this:").check();
  await page.getByLabel("Never").check();
  await expect(page.getByText("Whoever finds a secret that never expires")).toBeVisible();
  await page.getByRole("button", { name: "Create access token" }).click();
  await expect(page.getByLabel("Name")).toHaveAccessibleDescription("Enter a name.");
  const first = page.getByRole("group", { name: "Limit 1" });
  await expect(first.getByLabel("Repositories")).toHaveAccessibleDescription(/Enter the name of a repository/);
  await accessible();
  await page.getByLabel("Name").fill("build server");
  await first.getByLabel("Repositories").fill("team/**");
  await page.getByRole("button", { name: "Create access token" }).click();
  await expect(first.getByLabel("Repositories")).toHaveAccessibleDescription(/Choose at least one action/);
  await first.getByLabel("Pull").check();
  await page.getByRole("button", { name: "Create access token" }).click();
  await expect(page).toHaveURL("/account/issued-token");
  await accessible();
  await expect(main(page).locator("code").first()).toHaveText(/^\s*hbp_[0-9A-Za-z]{36}\s*$/);
  await expect(main(page)).toContainText(/docker login 127\.0\.0\.1:\d+ -u admin/);
  await page.reload();
  await expect(page.getByRole("heading", { name: "There is nothing to show" })).toBeVisible();

  await open(page, "/account");
  const row = page.getByRole("row", { name: /build server/ });
  await expect(row).toContainText("team/** Pull");
  await expect(row).toContainText("Never");
  await accessible();
  await row.getByRole("button", { name: "Revoke the access token build server" }).click();
  await expect(page.getByText("The access token was revoked.")).toBeVisible();
  await expect(page.getByRole("row", { name: /build server/ })).toHaveCount(0);
});

test("an administrator sees a user's tokens without their secrets, and revokes them", async ({ page, server }) => {
  await signIn(page);
  const secrets = [await create(page, "one"), await create(page, "<b>two</b>")];
  await open(page, "/manage/user/admin");
  for (const secret of secrets) expect(await page.content()).not.toContain(secret);
  await expect(page.getByRole("row", { name: /<b>two<\/b>/ })).toBeVisible();
  await page.getByRole("button", { name: "Revoke the access token one" }).click();
  await expect(page.getByText("The access token was revoked.")).toBeVisible();
  await hydrated(page);
  await page.getByText("Revoke all access tokens…").click();
  await page.getByRole("button", { name: "Revoke all" }).click();
  await expect(page.getByText("This user has no access tokens.")).toBeVisible();
  for (const secret of secrets) expect(server.log).not.toContain(secret);
});

test.describe("narrow", () => {
  test.use({ viewport: { width: 320, height: 640 } });
  test("the pages fit", async ({ page }) => {
    await signIn(page);
    await open(page, "/account/new-token");
    await fits(page);
    await page.getByLabel("Only this:").check();
    await page.getByText("More repositories").click();
    await fits(page);
    await create(page, "w".repeat(64));
    await fits(page);
    await open(page, "/account");
    await fits(page);
  });
});
