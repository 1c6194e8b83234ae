// Pictures of what was deleted, described and found, to be looked at: both languages, narrow in the dark, wide in the
// light.

import path from "node:path";

import { type Page } from "@playwright/test";

import { enter, fill, submit } from "../support/pages.ts";
import { pushImage } from "../support/push.ts";
import { expect, open, test } from "../support/test.ts";

const folder = path.resolve(import.meta.dirname, "../../test-results/screens");

const DESCRIPTION = `# Shop API

Serves the shop. Built from **main** after each review.

- \`latest\` is what runs
- the rest is kept for *undoing*

| Port | What |
|---|---|
| 8080 | HTTP |
`;

for (const locale of ["en", "zh-CN"]) {
  test.describe(locale, () => {
    test.use({ locale });
    test.setTimeout(300_000);

    async function shoot(page: Page, name: string): Promise<void> {
      for (const [colorScheme, width] of [["dark", 320], ["light", 1280]] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: path.join(folder, `${name}-${locale}-${colorScheme}-${width}.png`), fullPage: true });
      }
    }

    async function take(page: Page, name: string, address: string): Promise<void> {
      await open(page, address);
      await shoot(page, name);
    }

    test("deleted, described, found", async ({ page, server }) => {
      await fill(server, "many");
      await pushImage(server, "team/app", "1.0", { layers: ["another program"] });
      await enter(page);
      await submit(page, server, "save_description", { name: "team/app", text: DESCRIPTION });
      await submit(page, server, "delete_tag", { repository: "team/app", tag: "2.3" });
      await take(page, "home-busy", "/");
      await take(page, "repository-described", "/repositories/team/app");
      await take(page, "describe", "/describe/team/app");
      await take(page, "tag-history", "/tag-history/team/app?tag=1.0");
      await take(page, "deleted", "/manage/deleted");
      await take(page, "put-tag", "/put-tag/team/app?reference=1.0");
      await take(page, "delete-repository", "/delete-repository/team/app");
      await take(page, "access", "/manage/access");
      await take(page, "notifications", "/manage/notifications");
      await open(page, "/");
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("option").first()).toBeVisible();
      await page.keyboard.type("app");
      await expect(page.getByRole("option").filter({ hasText: "team/app" }).first()).toBeVisible();
      await shoot(page, "palette");
    });
  });
}
