// Pages that their reader may not see: a member is told so, a stranger is asked to sign in, and neither sees what is there.

import { ADMINISTRATION, enter, fill, OWN, submit } from "../support/pages.ts";
import { expect, fits, open, PASSWORD, test } from "../support/test.ts";

for (const locale of ["en", "zh-CN"]) {
  test.describe(locale, () => {
    test.use({ locale });

    test("a member on the administrators' pages", async ({ page, server, accessible, problems }) => {
      problems.expect(/status 403: GET/, /console error: Failed to load resource.*403/);
      await fill(server, "one");
      await enter(page);
      await submit(page, server, "create_user", { user_name: "ann", role: "member", password: PASSWORD });
      await page.context().clearCookies();
      await enter(page, "ann");
      for (const { name, path } of ADMINISTRATION) {
        await test.step(name, async () => {
          await open(page, path);
          await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
          // Nothing to fill in or to press.
          await expect(page.getByRole("main").locator("form")).toHaveCount(0);
          await page.setViewportSize({ width: 320, height: 900 });
          await fits(page);
          await accessible();
          await page.setViewportSize({ width: 1280, height: 900 });
        });
      }
    });

    test("a stranger is led to the sign-in", async ({ page, server, accessible }) => {
      await fill(server, "one");
      for (const { name, path } of [...ADMINISTRATION, ...OWN]) {
        await test.step(name, async () => {
          await page.goto(path);
          await expect(page).toHaveURL((url) => url.pathname === "/sign-in");
          await expect(page.locator("#password")).toBeVisible();
        });
      }
      await accessible();
    });

    test("a private registry shows a stranger nothing", async ({ page, server, accessible, problems }) => {
      problems.expect(/status 40[14]: GET/, /console error: Failed to load resource/);
      await fill(server, "one");
      await enter(page);
      await submit(page, server, "apply_access_preset", { expected_version: "0", preset: "private" });
      await page.context().clearCookies();
      for (const path of ["/", "/repositories"]) {
        await test.step(path, async () => {
          await open(page, path);
          await expect(page.getByRole("main").getByText("team/app")).toHaveCount(0);
          await accessible();
        });
      }
      // What is there looks as what is not.
      for (const path of ["/repositories/NAME", "/manifests/NAME?reference=1.0", "/tag-history/NAME?tag=1.0"]) {
        await test.step(path, async () => {
          const seen = async (name: string) => {
            await open(page, path.replace("NAME", name));
            await accessible();
            return (await page.getByRole("main").ariaSnapshot()).replaceAll(name, "NAME");
          };
          expect(await seen("team/app")).toBe(await seen("team/non"));
        });
      }
    });
  });
}
