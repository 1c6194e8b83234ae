// On 320 px nothing scrolls sideways, with names as long as they may be.

import { pushImage } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";
import { expect, fits, open, test } from "../support/test.ts";

test.use({ viewport: { width: 320, height: 640 } });

const GUIDE = "/setup?address=192.168.1.10%3A5000&target=ubuntu";

for (const locale of ["en", "zh-CN"]) {
  test.describe(locale, () => {
    test.use({ locale });
    test("every page fits", async ({ page, server }) => {
      const long = `team/${"a-long-name".repeat(18)}`;
      const tag = "t".repeat(128);
      await pushImage(server, long, tag);
      for (const path of [
        "/",
        "/repositories",
        "/repositories?q=nothing",
        `/repositories/${long}`,
        `/manifests/${long}?reference=${tag}`,
        "/sign-in",
        GUIDE,
        `${GUIDE}&trust=ca`,
        // The longest paths of files that can be pasted.
        "/setup?address=registry.example.com%3A5000&target=microk8s",
        "/setup?address=registry.example.com%3A5000&target=synology",
        "/setup/troubleshooting",
        "/setup/proxy",
      ]) {
        await open(page, path);
        await fits(page);
      }
    });
  });
}

test("the pages of an administrator fit too", async ({ page, server }) => {
  await pushImage(server, "team/app", "1.0");
  await signIn(page, "/manage/system-config");
  await fits(page);
  await open(page, "/repositories/team/app");
  await fits(page);
  await page.getByRole("link", { name: "Delete tag 1.0" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await fits(page);
});

test("the navigation opens", async ({ page, accessible }) => {
  await open(page, "/");
  await page.getByRole("button", { name: "Menu" }).click();
  await accessible();
  await page.getByRole("link", { name: "Setup guide" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Setup guide");
});
