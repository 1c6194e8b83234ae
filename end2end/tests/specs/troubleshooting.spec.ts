// An error message is explained, with commands for the address that it names; each problem has a page of its own.

import { expect, fits, open, test } from "../support/test.ts";

const HTTP = 'Error response from daemon: Get "https://192.168.1.10:5000/v2/": http: server gave HTTP response to HTTPS client';

test("a pasted message gets its cause and its mend", async ({ page, accessible }) => {
  await open(page, "/setup/troubleshooting");
  await page.getByLabel("Error message").fill(HTTP);
  await page.getByRole("button", { name: "Explain" }).click();
  const cause = page.getByRole("main").getByRole("heading", { level: 2 }).first();
  await expect(cause).toHaveText("The client speaks HTTPS, the registry speaks HTTP");
  await expect(page.getByText('"insecure-registries": ["192.168.1.10:5000"]')).toBeVisible();
  await expect(page.getByLabel("Error message")).toHaveValue(HTTP);
  await accessible();

  // To the steps for what the machine runs, with the address.
  await page.getByRole("link", { name: "Podman", exact: true }).click();
  await expect(page).toHaveURL((url) => url.pathname === "/setup" && url.searchParams.get("target") === "podman");
  await expect(page.getByLabel("Registry address")).toHaveValue("192.168.1.10:5000");
});

test("a message that nobody knows says what to send along", async ({ page, accessible }) => {
  await open(page, "/setup/troubleshooting?error=Segmentation+fault");
  await expect(page.getByRole("heading", { name: "This message is not known here" })).toBeVisible();
  await expect(page.getByText("docker info")).toBeVisible();
  await accessible();
});

for (const [locale, title] of [
  ["en", "The proxy does not take bodies of that size"],
  ["zh-CN", "代理不接受这么大的请求体"],
] as const) {
  test.describe(locale, () => {
    test.use({ locale });
    test("a problem's page can be linked to", async ({ page, accessible }) => {
      await open(page, "/setup/troubleshooting/413-request-entity-too-large");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
      await expect(page.getByText("client_max_body_size 0;")).toBeVisible();
      await accessible();
    });
  });
}

test("a problem that there is not is not found", async ({ page, problems }) => {
  problems.expect(/status 404/, /Failed to load resource/);
  await open(page, "/setup/troubleshooting/no-such-problem");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
});

test("by keyboard, and on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page, "/setup/troubleshooting");
  await page.getByLabel("Error message").focus();
  await page.keyboard.insertText(HTTP);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Explain" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main").getByRole("heading", { level: 2 }).first()).toContainText("The client speaks HTTPS");
  await fits(page);
});
