// Taking back: deleted tags and repositories, tags that were moved, and the history of both.

import { expect, hydrated, open, test } from "../support/test.ts";
import { pullManifest, pushImage } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";

const rows = "tbody > tr";

test("a deleted tag is undone where it was deleted", async ({ page, server, accessible }) => {
  const image = await pushImage(server, "team/app", "1.0");
  await pushImage(server, "team/app", "1.1");
  await signIn(page, "/repositories/team/app");
  await hydrated(page);
  await page.getByRole("link", { name: "Delete tag 1.0" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete tag" }).click();
  await expect(page.getByText("Tag 1.0 was deleted.")).toBeVisible();
  await accessible();
  expect((await pullManifest(server, "team/app", "1.0")).status).toBe(404);

  await page.getByRole("button", { name: /^Undo/ }).click();
  await expect(page.getByText("1 tag was restored.")).toBeVisible();
  await expect(page.locator(rows)).toHaveCount(2);
  expect(await pullManifest(server, "team/app", "1.0")).toMatchObject({ status: 200, digest: image.digest });
});

test("several tags are selected, deleted and restored in one step", async ({ page, server, accessible }) => {
  for (const tag of ["1", "2", "3"]) await pushImage(server, "team/app", tag);
  await signIn(page, "/repositories/team/app");
  await hydrated(page);
  const bar = page.getByRole("button", { name: /^Delete .* tags?…$/ });
  await expect(bar).toBeHidden();
  await page.getByRole("checkbox", { name: "Select all tags on this page" }).check();
  await expect(page.getByRole("button", { name: "Delete 3 tags…" })).toBeVisible();
  await accessible();
  await page.getByRole("button", { name: "Clear selection" }).click();
  await expect(bar).toBeHidden();
  await page.getByRole("checkbox", { name: "Select tag 1" }).check();
  await page.getByRole("checkbox", { name: "Select tag 3" }).check();
  await page.getByRole("button", { name: "Delete 2 tags…" }).click();

  await expect(page.getByText("Delete 2 tags of team/app?")).toBeVisible();
  await hydrated(page);
  await accessible();
  await page.getByRole("button", { name: "Delete 2 tags" }).click();
  await expect(page.getByText("2 tags were deleted.")).toBeVisible();
  await expect(page.locator(rows)).toHaveCount(1);
  await hydrated(page);
  await page.getByRole("button", { name: /^Undo/ }).click();
  await expect(page.getByText("2 tags were restored.")).toBeVisible();
  await expect(page.locator(rows)).toHaveCount(3);
});

test("a repository is deleted by its name and restored from the list", async ({ page, server, problems, accessible }) => {
  const image = await pushImage(server, "team/app", "1.0");
  problems.expect(/status 422/, /console error: Failed to load resource.*422/);
  await signIn(page, "/repositories/team/app");
  await hydrated(page);
  await page.getByRole("link", { name: "Delete repository" }).click();
  await expect(page.getByText("Delete team/app with all in it?")).toBeVisible();
  await expect(page.getByText(/1 tag, 1 manifest and .* go with it/)).toBeVisible();
  await accessible();
  await page.getByLabel("Repository name").fill("team/other");
  await page.getByRole("button", { name: "Delete repository" }).click();
  await expect(page.getByText("This is not the name of the repository.")).toBeVisible();
  expect((await pullManifest(server, "team/app", "1.0")).status).toBe(200);
  await page.getByLabel("Repository name").fill("team/app");
  await page.getByRole("button", { name: "Delete repository" }).click();

  await expect(page.getByText("The repository team/app was deleted.")).toBeVisible();
  await expect(page).toHaveURL(/\/manage\/deleted/);
  expect((await pullManifest(server, "team/app", image.digest)).status).toBe(404);
  await hydrated(page);
  await accessible();
  await page.getByRole("button", { name: "Restore what was deleted of team/app" }).click();
  await expect(page.getByText("The repository was restored.")).toBeVisible();
  expect((await pullManifest(server, "team/app", "1.0")).status).toBe(200);
});

test("a tag is added, moved when that is ticked, and moved back by its history", async ({
  page,
  server,
  problems,
  accessible,
}) => {
  const one = await pushImage(server, "team/app", "1");
  const two = await pushImage(server, "team/app", "2", { layers: ["other"] });
  problems.expect(/status 422/, /console error: Failed to load resource.*422/);
  await signIn(page, "/repositories/team/app");
  await open(page, "/manifests/team/app?reference=1");
  await page.getByRole("link", { name: "Add tag" }).click();
  await page.getByLabel("Tag", { exact: true }).fill("stable");
  await accessible();
  await page.getByRole("button", { name: "Save tag" }).click();
  await expect(page.getByText("Tag stable was added.")).toBeVisible();
  expect(await pullManifest(server, "team/app", "stable")).toMatchObject({ digest: one.digest });

  await open(page, `/put-tag/team/app?reference=2`);
  await hydrated(page);
  await page.getByLabel("Tag", { exact: true }).fill("stable");
  await page.getByRole("button", { name: "Save tag" }).click();
  await expect(page.getByText(`This tag names ${one.digest} now.`)).toBeVisible();
  await page.getByRole("checkbox", { name: "Move the tag if it names something else" }).check();
  await page.getByRole("button", { name: "Save tag" }).click();
  await expect(page.getByText("Tag stable was moved.")).toBeVisible();
  expect(await pullManifest(server, "team/app", "stable")).toMatchObject({ digest: two.digest });

  await page.getByRole("link", { name: "History of stable" }).click();
  await expect(page.locator(rows)).toHaveCount(2);
  await expect(page.locator(rows).first()).toContainText("Moved");
  await accessible();
  await page.getByRole("button", { name: /^Put stable back on/ }).click();
  await expect(page.getByText("Tag stable was moved back.")).toBeVisible();
  expect(await pullManifest(server, "team/app", "stable")).toMatchObject({ digest: one.digest });
});

test("whoever is not signed in reads the history and is offered nothing else", async ({ page, server }) => {
  await pushImage(server, "team/app", "1.0");
  await open(page, "/tag-history/team/app");
  await expect(page.locator(rows)).toHaveCount(1);
  await expect(page.getByRole("button", { name: /back on/ })).toHaveCount(0);
  await open(page, "/repositories/team/app");
  await expect(page.getByRole("checkbox")).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Delete repository" })).toHaveCount(0);
});
