// A page whose data are slow, or do not come: its title is there at once, a shape of what is to come stands below it, and
// what failed can be tried again.

import type { Page } from "@playwright/test";

import { ADMINISTRATION, enter, fill, PUBLIC } from "../support/pages.ts";
import { expect, open, test } from "../support/test.ts";

/** Pages that a link of the navigation leads to, and so are opened without a new document. */
const PAGES = [...PUBLIC, ...ADMINISTRATION].filter((place) =>
  ["/repositories", "/setup", "/manage/users", "/manage/robots", "/manage/access", "/manage/activity", "/manage/deleted",
    "/manage/notifications", "/manage/system-config"].includes(place.path.split("?")[0] ?? ""),
);

/** Data that the browser asks the server for. */
const DATA = "**/api/*";

async function go(page: Page, path: string): Promise<void> {
  await page.locator(`nav a[href="${path}"]`).click();
}

for (const locale of ["en", "zh-CN"]) {
  test.describe(locale, () => {
    test.use({ locale });

    test("slow", async ({ page, server, accessible }) => {
      await fill(server, "one");
      await enter(page);
      for (const { name, path } of PAGES.filter((place) => !place.path.includes("?"))) {
        await test.step(name, async () => {
          await open(page, "/account");
          const held: (() => void)[] = [];
          let slow = true;
          await page.route(DATA, async (route) => {
            if (slow) await new Promise<void>((release) => held.push(release));
            await route.continue();
          });
          await go(page, path);
          await expect(page).toHaveURL((url) => url.pathname === path);
          const title = page.getByRole("heading", { level: 1 });
          await expect(page.locator("main [aria-busy=true]").first()).toBeVisible();
          await expect(title).toBeVisible();
          const before = await title.boundingBox();
          await accessible();
          slow = false;
          for (const release of held) release();
          await expect(page.locator("main [aria-busy=true]")).toHaveCount(0);
          await expect(page.getByRole("main")).not.toBeEmpty();
          expect(await title.boundingBox(), "the title stays where it is").toEqual(before);
          await page.unroute(DATA);
        });
      }
    });

    test("failing", async ({ page, server, accessible, problems }) => {
      problems.expect(/request failed: .*\/api\//, /console error: Failed to load resource/);
      await fill(server, "one");
      await enter(page);
      for (const { name, path } of PAGES.filter((place) => !place.path.includes("?"))) {
        await test.step(name, async () => {
          await open(page, "/account");
          await page.route(DATA, (route) => route.abort("connectionfailed"));
          await go(page, path);
          const alert = page.getByRole("main").getByRole("alert").first();
          await expect(alert).toBeVisible();
          await accessible();
          await page.unroute(DATA);
          await alert.getByRole("link").first().click();
          await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
          await expect(page).toHaveURL((url) => url.pathname === path);
        });
      }
    });
  });
}
