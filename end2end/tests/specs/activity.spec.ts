// Manage → Activity: what was done, filtered in the address, exported.

import { pushImage } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";
import { expect, open, test } from "../support/test.ts";

test("what is done is listed, filtered and exported", async ({ page, server, accessible }) => {
  await pushImage(server, "team/app", "1.0");
  await signIn(page, "/repositories/team/app");
  await page.goto("/delete-tag/team/app?tag=1.0");
  await page.getByRole("button", { name: "Delete tag" }).click();
  await expect(page.getByRole("heading", { name: "No tags" })).toBeVisible();

  await open(page, "/manage/activity");
  await accessible();
  const rows = page.locator("tbody > tr");
  await expect(rows.first()).toContainText("Deleted a tag");
  await expect(rows.first()).toContainText("team/app:1.0");
  await expect(rows.first()).toContainText("admin");
  await expect(rows.first()).toContainText("127.0.0.1");
  await rows.first().getByText("Details").click();
  await expect(rows.first()).toContainText("sha256:");

  await page.getByLabel("Kind").selectOption("sign-in");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/kind=sign-in/);
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("Signed in");
  await page.getByRole("link", { name: "Clear filter" }).click();
  await expect(rows).toHaveCount(3);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export as JSON lines" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("humpback-activity.jsonl");
  const exported = await page.request.get("/manage/activity.jsonl?kind=deletion");
  const lines = (await exported.text()).trim().split("\n");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ actor: "admin", action: "tag.deleted", subject: "team/app:1.0" });
});

test("nothing found is said, with a way out", async ({ page, accessible }) => {
  await signIn(page);
  await open(page, "/manage/activity?q=nobody-of-that-name");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await accessible();
  await page.getByRole("link", { name: "Clear filter" }).click();
  await expect(page).toHaveURL("/manage/activity");
});
