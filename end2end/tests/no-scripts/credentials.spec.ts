// Groups, access tokens and robots with JavaScript off.

import { expect, PASSWORD, test } from "../support/test.ts";

test.beforeEach(async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
});

test("a token's form comes back with what was typed, and then makes it", async ({ page }) => {
  await page.goto("/account/new-token");
  await page.getByLabel("Name").fill("laptop");
  await page.getByLabel("Only this:").check();
  await page.getByLabel("On a date").check();
  await page.getByLabel("Last day").fill("2020-01-01");
  const first = page.getByRole("group", { name: "Limit 1" });
  await first.getByLabel("Repositories").fill("team/**");
  await first.getByLabel("Push").check();
  await page.getByRole("button", { name: "Create access token" }).click();
  await expect(page.getByText("Choose a day that is still to come.").first()).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("laptop");
  await expect(page.getByLabel("Only this:")).toBeChecked();
  await expect(first.getByLabel("Repositories")).toHaveValue("team/**");
  await expect(first.getByLabel("Push")).toBeChecked();
  await expect(first.getByLabel("Pull")).not.toBeChecked();
  await page.getByLabel("In 30 days").check();
  await page.getByRole("button", { name: "Create access token" }).click();
  await expect(page).toHaveURL("/account/issued-token");
  await expect(page.getByRole("main").locator("code").first()).toHaveText(/hbp_/);
  await page.goto("/account");
  await page.getByRole("button", { name: "Revoke the access token laptop" }).click();
  await expect(page.getByText("The access token was revoked.")).toBeVisible();
});

test("a group and a user's groups", async ({ page }) => {
  await page.goto("/manage/groups");
  await page.getByLabel("Group name").fill("dev");
  await page.getByRole("button", { name: "Add group" }).click();
  await expect(page.getByText("The group was added.")).toBeVisible();
  await page.goto("/manage/user/admin");
  await page.getByLabel("dev").check();
  await page.getByRole("button", { name: "Save groups" }).click();
  await expect(page.getByLabel("dev")).toBeChecked();
  await page.getByLabel("dev").uncheck();
  await page.getByRole("button", { name: "Save groups" }).click();
  await expect(page.getByText("The groups were saved.")).toBeVisible();
  await expect(page.getByLabel("dev")).not.toBeChecked();
});

test("a robot is made and rotated", async ({ page }) => {
  await page.goto("/manage/new-robot");
  await page.getByLabel("Robot name").fill("ci");
  await page.getByText("More repositories").click();
  const last = page.getByRole("group", { name: "Limit 8" });
  await last.getByLabel("Repositories").fill("**");
  await last.getByLabel("Pull").check();
  await page.getByRole("button", { name: "Create robot" }).click();
  await expect(page.getByRole("main").locator("code").first()).toHaveText(/hbr_/);
  await page.goto("/manage/robot/ci");
  await page.getByRole("button", { name: "Rotate secret" }).click();
  await expect(page).toHaveURL("/manage/issued-robot");
});
