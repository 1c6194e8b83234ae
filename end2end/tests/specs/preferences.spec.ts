// Language and theme: chosen by the browser, changed by the reader, remembered, without a flash.

import { type Page } from "@playwright/test";

import { expect, hydrated, open, test } from "../support/test.ts";

const PAGES = ["/", "/repositories", "/setup?address=192.168.1.10%3A5000", "/sign-in"];

test.describe("a Chinese browser", () => {
  test.use({ locale: "zh-CN" });
  test("reads Chinese from the first page on", async ({ page, accessible }) => {
    for (const path of PAGES) {
      await open(page, path);
      await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(/[\u4e00-\u9fff]/);
      await accessible();
    }
  });
});

test("the language can be changed and stays", async ({ page, request }) => {
  await open(page, "/setup?address=192.168.1.10%3A5000");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("接入指南");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  // Remembered by the server: the page arrives in Chinese.
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  await expect
    .poll(async () => (await request.get("/setup", { headers: { cookie } })).text())
    .toContain("接入指南");
  await page.reload();
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("接入指南");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Setup guide");
});

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

test("the theme can be changed and is there at the first paint", async ({ page, accessible }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await open(page, "/");
  const light = await background(page);
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => background(page)).not.toBe(light);
  const dark = await background(page);
  for (const path of PAGES) {
    await open(page, path);
    await accessible();
  }
  // As the server sends it, before any script: no flash.
  const saved = page.waitForResponse((response) => new URL(response.url()).pathname === "/");
  await page.goto("/");
  expect(await (await saved).text()).toMatch(/<html[^>]*data-theme="dark"/);
  expect(await background(page)).toBe(dark);
  await hydrated(page);
  await page.getByRole("button", { name: "As the system" }).click();
  await expect.poll(() => background(page)).toBe(light);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => background(page)).toBe(dark);
});
