// The list of repositories without scripts: the switch and the namespaces are links, and the search is a form.

import { expect, test } from "../support/test.ts";
import { pushImage } from "../support/push.ts";

const rows = "tbody > tr";

test("the switch, a namespace and a search in it", async ({ page, server }) => {
  for (const name of ["team/app", "team/back/api", "team/back/jobs", "tools"]) await pushImage(server, name, "1.0");
  await page.goto("/repositories");
  await expect(page.locator(rows)).toHaveCount(4);
  await page.getByRole("navigation", { name: "View" }).getByRole("link", { name: "By namespace" }).click();
  await expect(page.locator(rows)).toHaveCount(2);
  await page.goto("/repositories");
  await expect(page.locator(rows)).toHaveCount(2);
  await page.getByRole("link", { name: "team/", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("team");
  await page.getByRole("searchbox").fill("1.0");
  await page.getByRole("search").getByRole("button").click();
  await expect(page).toHaveURL(/in=team(%2F|\/)&q=1\.0/);
  await expect(page.locator(rows)).toHaveCount(3);
  await expect(page.locator(rows).first()).toContainText("Tag 1.0");
});
