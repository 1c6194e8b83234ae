// Signing in as an administrator does.

import { expect, type Page } from "@playwright/test";

import { PASSWORD } from "./test.ts";

/** Signs in through the page and ends where `returnTo` says. */
export async function signIn(page: Page, returnTo = "/"): Promise<void> {
  await page.goto(`/sign-in?return_to=${encodeURIComponent(returnTo)}`);
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL((url) => url.pathname === returnTo);
  await expect(page.getByRole("group", { name: "Account" })).toContainText("admin");
}
