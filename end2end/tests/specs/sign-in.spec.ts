// Signing in and out.

import { expect, open, PASSWORD, test } from "../support/test.ts";
import { signIn } from "../support/sign-in.ts";

test("signs in, returns to where it was asked, and signs out", async ({ page, context, accessible }) => {
  await open(page, "/manage/system-config");
  await expect(page).toHaveURL(/\/sign-in\?return_to=/);
  await accessible();
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel("Password").press("Enter");
  await expect(page).toHaveURL("/manage/system-config");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("System Config");

  const session = (await context.cookies()).find((cookie) => cookie.name.includes("session"));
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax" });

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("group", { name: "Account" }).getByRole("link", { name: "Sign in" })).toBeVisible();
  expect((await context.cookies()).some((cookie) => cookie.value !== "" && cookie.name === session?.name)).toBe(false);
  // What the cookie named is gone on the server too.
  await context.addCookies([session!]);
  await page.goto("/manage/system-config");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a wrong password is refused without saying which of the two is wrong", async ({ page, problems, accessible }) => {
  problems.expect(/status 422: POST/, /console error: Failed to load resource.*422/);
  await open(page, "/sign-in");
  const answers = [];
  for (const name of ["admin", "nobody"]) {
    await page.getByLabel("User name").fill(name);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
    const wrong = page.locator(".field__error:visible");
    await expect(wrong).toHaveText("The user name or the password is wrong.");
    await expect(page.getByLabel("User name")).toHaveValue(name);
    answers.push(await wrong.innerText());
  }
  expect(answers[0]).toBe(answers[1]);
  await accessible();
});

test("does not lead out of the console", async ({ page }) => {
  await page.goto("/sign-in?return_to=https%3A%2F%2Fexample.com%2F");
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/");
});

test("the banner says that anyone may pull and push, and leads to the fix", async ({ page, accessible }) => {
  await signIn(page);
  const banner = page.locator(".banner", { hasText: "Anyone who can reach this registry may pull and push." });
  await banner.getByRole("link").click();
  await expect(page).toHaveURL("/manage/access");
  await expect(page.getByRole("heading", { name: "Access" })).toBeVisible();
  await accessible();
});
