// System Config: saved, in force, kept; and two administrators at once.

import { expect, hydrated, open, test } from "../support/test.ts";
import { pushImage } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";

const PAGE = "/manage/system-config";

test("disabling refuses clients, says so, keeps the address, and enabling brings all back", async ({
  page,
  server,
  accessible,
}) => {
  await pushImage(server, "team/app", "1.0");
  await signIn(page, PAGE);
  await hydrated(page);
  await page.getByLabel("Registry address").fill("registry.example.com:5000");
  await page.getByLabel("Enable Private Registry").uncheck();
  // What will happen is said before it does.
  await expect(page.getByText("docker push and docker pull are refused with status 503")).toBeVisible();
  await expect(page.getByText("2 changes are not saved yet")).toBeVisible();
  await accessible();
  await page.getByRole("button", { name: "Save configuration" }).click();
  await expect(page.getByText("Saved as version 1. It is in force.")).toBeVisible();
  await accessible();

  const refused = await fetch(`${server.url}/v2/`);
  expect(refused.status).toBe(503);
  const body = (await refused.json()) as { errors: { code: string; message: string }[] };
  expect(body.errors[0]?.message).toMatch(/disabled/i);
  await open(page, "/repositories");
  await expect(page.getByText("The private registry is disabled")).toBeVisible();
  await expect(page.getByRole("link", { name: "team/app" })).toBeVisible();
  await accessible();

  await open(page, PAGE);
  await expect(page.getByLabel("Registry address")).toHaveValue("registry.example.com:5000");
  await page.getByLabel("Enable Private Registry").check();
  await page.getByRole("button", { name: "Save configuration" }).click();
  await expect(page.getByText("Saved as version 2. It is in force.")).toBeVisible();
  expect((await fetch(`${server.url}/v2/`)).status).toBe(200);

  // The address is what clients are told.
  await open(page, "/repositories/team/app");
  await expect(page.getByText("docker pull registry.example.com:5000/team/app:1.0")).toBeVisible();
  await open(page, "/setup");
  await expect(page.getByLabel("Registry address")).toHaveValue("registry.example.com:5000");
});

test("an address that is none is said under the field, and nothing is saved", async ({ page, accessible }) => {
  await signIn(page, PAGE);
  await hydrated(page);
  const address = page.getByLabel("Registry address");
  for (const [typed, said] of [
    ["http://registry.example.com/v2/", /no path/],
    ["registry.example.com:99999", /1 to 65535/],
    ["2001:db8::10", /in brackets: \[2001:db8::10\]/],
    ["registry.example.com：5000", /“：” can't be part/],
    ["registry example.com:5000", /no space/],
  ] as const) {
    await address.fill(typed);
    await page.getByRole("button", { name: "Save configuration" }).click();
    await expect(address).toHaveAccessibleDescription(said);
    await expect(address).toBeFocused();
    await expect(address).toHaveValue(typed);
    // What differs has no line in a table: it can't be saved as it is.
    await expect(page.getByRole("heading", { name: "1 change is not saved yet" })).toBeVisible();
    await expect(page.getByRole("table")).toHaveCount(0);
  }
  await accessible();
  // Whoever mends it is not told any more that it is bad.
  await address.press("End");
  await address.press("Backspace");
  await expect(address).not.toHaveAttribute("aria-invalid");
  await page.goto("/setup");
  await expect(page.getByLabel("Registry address")).not.toHaveValue(/example/);
});

test("two administrators at once: the second sees what differs and decides", async ({
  page,
  browser,
  baseURL,
  problems,
  accessible,
}) => {
  problems.expect(/status 409: POST/, /console error: Failed to load resource.*409/);
  await signIn(page, PAGE);
  await hydrated(page);
  const other = await (await browser.newContext({ baseURL })).newPage();
  await signIn(other, PAGE);
  await hydrated(other);

  await other.getByLabel("Registry address").fill("first.example.com:5000");
  await other.getByRole("button", { name: "Save configuration" }).click();
  await expect(other.getByText("Saved as version 1. It is in force.")).toBeVisible();
  await other.context().close();

  await page.getByLabel("Registry address").fill("second.example.com:5000");
  await page.getByRole("button", { name: "Save configuration" }).click();
  const conflict = page.getByRole("alert");
  await expect(conflict).toContainText("Someone else has saved in the meantime");
  await expect(conflict).toContainText("first.example.com:5000");
  await expect(conflict).toContainText("second.example.com:5000");
  await expect(page.getByLabel("Registry address")).toHaveValue("second.example.com:5000");
  await accessible();
  await page.getByRole("button", { name: "Save mine over version 1" }).click();
  await expect(page.getByText("Saved as version 2. It is in force.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Registry address")).toHaveValue("second.example.com:5000");
});
