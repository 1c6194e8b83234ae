// The first visit creates the administrator with the code that the server has printed.

import { expect, hydrated, open, PASSWORD, test } from "../support/test.ts";

test.use({ administrator: false });

test("every page leads to the first start until there is an administrator", async ({ page, server, accessible }) => {
  await open(page, "/manage/system-config");
  await expect(page).toHaveURL("/first-start");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Create the administrator");
  await accessible();

  await page.getByLabel("Setup code").fill(server.setupCode ?? "");
  await page.getByLabel("User name").fill("root");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Repeat password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByRole("group", { name: "Account" })).toContainText("root");

  // The code is used up: there is nothing to create any more.
  await open(page, "/manage/system-config");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("System Config");
});

test("what is wrong is said by the field, and what was typed stays", async ({ page, problems, server, accessible }) => {
  problems.expect(/status 422: POST/, /console error: Failed to load resource.*422/);
  await open(page, "/first-start");
  await page.getByLabel("Setup code").fill("AAAA-AAAA-AAAA");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Repeat password").fill(`${PASSWORD}x`);
  const create = page.getByRole("button", { name: "Create administrator" });
  await create.click();
  // Found in the browser; nothing was sent.
  await expect(page.getByLabel("Repeat password")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Repeat password")).toBeFocused();
  await accessible();

  await page.getByLabel("Repeat password").fill(PASSWORD);
  await create.click();
  // Only the server knows the code.
  const code = page.getByLabel("Setup code");
  await expect(code).toHaveAttribute("aria-invalid", "true");
  await expect(code).toHaveAccessibleDescription(/not the setup code/);
  await expect(code).toHaveValue("AAAA-AAAA-AAAA");
  await accessible();

  await code.fill(server.setupCode ?? "");
  await create.click();
  await expect(page.getByRole("group", { name: "Account" })).toContainText("admin");
  await hydrated(page);
});
