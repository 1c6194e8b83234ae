// Manage → Access: presets, rules and the trial of both, each proved by what a client then gets.

import { pushImage } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";
import { expect, fits, hydrated, open, test } from "../support/test.ts";
import type { Server } from "../support/server.ts";

const PAGE = "/manage/access";

/** What a client without credentials gets for the list of tags, and for an upload. */
async function stranger(server: Server, repository: string): Promise<{ pull: number; push: number }> {
  const pull = await fetch(`${server.url}/v2/${repository}/tags/list`);
  const push = await fetch(`${server.url}/v2/${repository}/blobs/uploads/`, { method: "POST" });
  return { pull: pull.status, push: push.status };
}

test("each preset says what it means, and clients get that from the next request on", async ({ page, server, accessible }) => {
  await pushImage(server, "team/app", "1.0");
  expect(await stranger(server, "team/app")).toEqual({ pull: 200, push: 202 });
  await signIn(page, PAGE);
  const preset = (name: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
  await expect(preset("Open, as registry:2")).toContainText("In force");
  await accessible();
  for (const [name, expected] of [
    ["Sign in to push", { pull: 200, push: 401 }],
    ["Private", { pull: 401, push: 401 }],
    ["Open, as registry:2", { pull: 200, push: 202 }],
  ] as const) {
    await hydrated(page);
    await preset(name).getByText("Apply…").click();
    await expect(preset(name)).toContainText(/This replaces (the rule|all \d+ rules) below/);
    await accessible();
    await preset(name).getByRole("button", { name: `Apply “${name}”` }).click();
    await expect(page.getByText("The preset is in force.")).toBeVisible();
    await expect(preset(name)).toContainText("In force");
    expect(await stranger(server, "team/app"), name).toEqual(expected);
  }
  // Whoever was open to everyone is told so on every page, and only then.
  await expect(page.getByRole("note")).toContainText(/anyone/i);
});

test("a rule is added, tried, changed and removed, by keyboard", async ({ page, server, problems, accessible }) => {
  problems.expect(/status 422: POST/, /console error: Failed to load resource.*422/);
  await pushImage(server, "team/app", "1.0");
  await signIn(page, PAGE);
  await hydrated(page);
  const rule = page.locator("#rule");
  const pattern = rule.getByLabel("Repositories");
  await pattern.focus();
  await page.keyboard.type("Team");
  await page.keyboard.press("Enter");
  await expect(pattern).toHaveAccessibleDescription(/lower-case letters/);
  await expect(rule.getByText("Choose at least one action.")).toBeVisible();
  await accessible();
  await pattern.fill("team/**");
  await rule.getByLabel("Effect").selectOption("deny");
  await rule.getByRole("checkbox", { name: "push" }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The rule was added.")).toBeVisible();
  const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "team/**" }) });
  await expect(row).toContainText(/Anyone\s*Deny\s*push/);
  expect((await stranger(server, "team/app")).push).toBe(401);
  expect((await stranger(server, "other/app")).push).toBe(202);
  await accessible();

  // The trial names the rule that gave the answer.
  const trial = page.locator("#trial");
  await trial.getByLabel("Repository").fill("team/app");
  await trial.getByRole("button", { name: "Try" }).click();
  const answer = (action: string) =>
    page.locator("#trial").getByRole("row").filter({ has: page.getByRole("rowheader", { name: action, exact: true }) });
  await expect(answer("push")).toContainText("Deny: push · Anyone · team/**");
  await expect(answer("push")).toContainText("No");
  await expect(answer("pull")).toContainText("Yes");
  await expect(page.locator("#trial").getByLabel("Repository")).toHaveValue("team/app");
  await accessible();

  await hydrated(page);
  await row.getByRole("link", { name: /^Edit the rule/ }).click();
  await hydrated(page);
  await expect(rule.getByRole("heading")).toHaveText("Change the rule");
  await expect(pattern).toHaveValue("team/**");
  await expect(rule.getByRole("checkbox", { name: "push" })).toBeChecked();
  await rule.getByRole("checkbox", { name: "pull" }).check();
  await rule.getByRole("button", { name: "Save rule" }).click();
  await expect(page.getByText("The rule was changed.")).toBeVisible();
  expect(await stranger(server, "team/app")).toEqual({ pull: 401, push: 401 });

  await hydrated(page);
  await row.getByRole("button", { name: /^Remove the rule/ }).click();
  await expect(page.getByText("The rule was removed.")).toBeVisible();
  await expect(row).toHaveCount(0);
  expect(await stranger(server, "team/app")).toEqual({ pull: 200, push: 202 });
});

test("whoever comes too late with a rule is told, and nothing is overwritten", async ({ page, context, problems }) => {
  problems.expect(/status 409: POST/, /console error: Failed to load resource.*409/);
  await signIn(page, PAGE);
  await hydrated(page);
  const other = await context.newPage();
  await open(other, PAGE);
  const add = async (where: typeof page, name: string) => {
    const rule = where.locator("#rule");
    await rule.getByLabel("Repositories").fill(name);
    await rule.getByRole("checkbox", { name: "pull" }).check();
    await rule.getByRole("button", { name: "Add rule" }).click();
  };
  await add(other, "first/**");
  await expect(other.getByText("The rule was added.")).toBeVisible();
  await add(page, "second/**");
  await expect(page.locator("#rule").getByRole("alert")).toBeFocused();
  await expect(page.locator("#rule").getByLabel("Repositories")).toHaveValue("second/**");
  await open(page, PAGE);
  await expect(page.getByRole("rowheader", { name: "first/**" })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: "second/**" })).toHaveCount(0);
});

test("it fits a phone, and is for administrators", async ({ page, accessible }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  await signIn(page, PAGE);
  await hydrated(page);
  await fits(page);
  await accessible();
  await page.context().clearCookies();
  await page.goto(PAGE);
  await expect(page).toHaveURL((url) => url.pathname === "/sign-in" && url.searchParams.get("return_to") === PAGE);
});
