// Manage → Robots: made, limited otherwise, rotated, disabled, deleted.

import { type Page } from "@playwright/test";

import { signIn } from "../support/sign-in.ts";
import { expect, fits, hydrated, open, test } from "../support/test.ts";

const main = (page: Page) => page.getByRole("main");
const secretOn = async (page: Page) => (await main(page).locator("code").first().innerText()).trim();

async function create(page: Page, name: string): Promise<string> {
  await open(page, "/manage/new-robot");
  await page.getByLabel("Robot name").fill(name);
  const first = page.getByRole("group", { name: "Limit 1" });
  await first.getByLabel("Repositories").fill("team/**");
  await first.getByLabel("Push").check();
  await page.getByRole("button", { name: "Create robot" }).click();
  await expect(page).toHaveURL("/manage/issued-robot");
  return secretOn(page);
}

test("a robot's whole life", async ({ page, accessible }) => {
  await signIn(page, "/manage/robots");
  await hydrated(page);
  await expect(page.getByRole("heading", { name: "There is no robot yet" })).toBeVisible();
  await accessible();
  await page.getByRole("link", { name: "New robot" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New robot");
  await accessible();
  const secret = await create(page, "CI");
  expect(secret).toMatch(/^hbr_[0-9A-Za-z]{36}$/);
  await expect(main(page)).toContainText("-u robot+ci");
  await accessible();
  await page.getByRole("link", { name: "To the robot" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("robot+ci");
  await hydrated(page);
  await accessible();

  await page.getByLabel("Description").fill("Builds & pushes");
  await page.getByLabel("On a date").check();
  await page.getByLabel("Last day").fill("2020-01-01");
  await page.getByRole("button", { name: "Save robot" }).click();
  await expect(page.getByLabel("Last day")).toHaveAccessibleDescription(/still to come/);
  await page.getByLabel("Last day").fill("2999-12-31");
  const second = page.getByRole("group", { name: "Limit 2" });
  await second.getByLabel("Repositories").fill("base/*");
  await second.getByLabel("Pull").check();
  await page.getByRole("button", { name: "Save robot" }).click();
  await expect(page.getByText("The robot was saved.")).toBeVisible();
  await expect(page.getByLabel("Last day")).toHaveValue("2999-12-31");
  await expect(page.getByRole("group", { name: "Limit 2" }).getByLabel("Repositories")).toHaveValue("base/*");

  await hydrated(page);
  await page.getByRole("button", { name: "Rotate secret" }).click();
  await expect(page).toHaveURL("/manage/issued-robot");
  expect(await secretOn(page)).not.toBe(secret);

  await open(page, "/manage/robot/ci");
  await page.getByRole("button", { name: "Disable robot" }).click();
  await expect(page.getByText("The robot was disabled.")).toBeVisible();
  await open(page, "/manage/robots");
  const row = page.getByRole("row", { name: /robot\+ci/ });
  await expect(row).toContainText("Builds & pushes");
  await expect(row).toContainText("Disabled");
  await expect(row).toContainText("base/* Pull");
  await accessible();
  await open(page, "/manage/robot/ci");
  await page.getByRole("button", { name: "Enable robot" }).click();
  await expect(page.getByText("The robot can sign in again.")).toBeVisible();
  await hydrated(page);
  await page.getByText("Delete this robot…").click();
  await page.getByRole("button", { name: "Delete robot" }).click();
  await expect(page.getByText("The robot robot+ci was deleted.")).toBeVisible();
});

test.describe("narrow", () => {
  test.use({ viewport: { width: 320, height: 640 } });
  test("the pages fit", async ({ page }) => {
    await signIn(page);
    const name = "a-very-long-name-".repeat(3) + "x";
    await create(page, name);
    await fits(page);
    for (const path of ["/manage/robots", `/manage/robot/${name}`, "/manage/new-robot"]) {
      await open(page, path);
      await fits(page);
    }
  });
});
