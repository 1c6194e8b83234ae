// All of it with JavaScript off: links and forms.

import { type Page } from "@playwright/test";

import { pullManifest, pushImage } from "../support/push.ts";
import { expect, PASSWORD, test } from "../support/test.ts";

const rows = "tbody > tr";

async function signIn(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole("group", { name: "Account" }).getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(path);
}

test.describe("a fresh server", () => {
  test.use({ administrator: false });
  test("first start", async ({ page, server }) => {
    await page.goto("/");
    await expect(page).toHaveURL(/first-start/);
    await page.getByLabel("Setup code").fill("AAAA-AAAA-AAAA");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Repeat password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create administrator" }).click();
    await expect(page.getByLabel("Setup code")).toHaveAccessibleDescription(/not the setup code/);
    await page.getByLabel("Setup code").fill(server.setupCode ?? "");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Repeat password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create administrator" }).click();
    await expect(page.getByRole("group", { name: "Account" })).toContainText("admin");
  });
});

test("a wrong password, then the right one, then out", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("The user name or the password is wrong.").first()).toBeVisible();
  await expect(page.getByLabel("User name")).toHaveValue("admin");
  expect(page.url()).not.toContain("not%20the%20password");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("group", { name: "Account" })).toContainText("admin");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/manage/system-config");
  await expect(page).toHaveURL(/sign-in/);
});

test("System Config is checked, saved and in force", async ({ page, server }) => {
  await signIn(page, "/setup");
  await page.goto("/manage/system-config");
  const address = page.getByLabel("Registry address");
  await address.fill("http://registry.example.com/v2/");
  await page.getByRole("button", { name: "Save configuration" }).click();
  await expect(address).toHaveAccessibleDescription(/no path/);
  await expect(address).toHaveValue("http://registry.example.com/v2/");
  await address.fill("registry.example.com:5000");
  await page.getByLabel("Enable Private Registry").uncheck();
  await page.getByRole("button", { name: "Save configuration" }).click();
  await expect(page.getByText("Saved as version 1. It is in force.")).toBeVisible();
  expect((await fetch(`${server.url}/v2/`)).status).toBe(503);
  await page.goto("/");
  await expect(page.getByText("The private registry is disabled")).toBeVisible();
});

test("explorer: search, order, manifest, delete", async ({ page, server }) => {
  await pushImage(server, "team/app", "1.0");
  await pushImage(server, "tools/build", "1.0");
  await signIn(page, "/repositories/team/app");
  await page.goto("/repositories");
  await page.getByRole("searchbox").fill("team");
  await page.getByRole("search").getByRole("button").click();
  await expect(page).toHaveURL(/q=team/);
  await expect(page.locator(rows)).toHaveCount(1);
  await page.getByRole("columnheader", { name: "Size" }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "Size" })).toHaveAttribute("aria-sort", /ending/);
  await page.getByRole("link", { name: "team/app" }).click();
  await page.locator(rows).getByRole("link", { name: "1.0", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Layers" })).toBeVisible();
  await page.goto("/repositories/team/app");
  await page.getByRole("link", { name: "Delete tag 1.0" }).click();
  await expect(page.getByText("Delete the tag 1.0 of team/app?")).toBeVisible();
  await page.getByRole("button", { name: "Delete tag" }).click();
  await expect(page.getByRole("heading", { name: "No tags" })).toBeVisible();
  expect((await pullManifest(server, "team/app", "1.0")).error?.code).toBe("MANIFEST_UNKNOWN");
});

test("the search in the header leads to the repositories", async ({ page }) => {
  await page.goto("/setup");
  await page.getByRole("banner").getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/\/repositories\??$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Repositories");
});

test("setup guide: an address, a machine, a form", async ({ page }) => {
  await page.goto("/setup");
  await page.getByLabel("Registry address").fill("192.168.1.10:5000");
  await page.getByRole("button", { name: "Show the steps" }).click();
  await expect(page.getByText('"insecure-registries": ["192.168.1.10:5000"]')).toBeVisible();
  await page.getByRole("link", { name: "CentOS 7" }).click();
  await page.getByRole("link", { name: "As in Humpback's documentation" }).click();
  await expect(page.getByText("Does not work: in /etc/sysconfig/docker")).toBeVisible();
  await page.getByLabel("Registry address").fill("registry.example.com:5000");
  await page.getByRole("button", { name: "Show the steps" }).click();
  await expect(page.getByText("INSECURE_REGISTRY='--insecure-registry registry.example.com:5000'").first()).toBeVisible();
});

test("setup guide: a file is merged", async ({ page }) => {
  await page.goto("/setup?target=debian&address=192.168.1.10%3A5000");
  await page.getByRole("textbox", { name: "/etc/docker/daemon.json" }).fill('{ "debug": true }');
  await page.getByRole("button", { name: "Show the change" }).click();
  await expect(page.locator("ins")).toContainText('{ "debug": true, "insecure-registries": ["192.168.1.10:5000"] }');
});

test("language and theme", async ({ page }) => {
  await page.goto("/setup");
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("接入指南");
  await expect(page).toHaveURL(/\/setup\??$/);
  await page.getByRole("button", { name: "深色" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page).toHaveURL(/\/setup\??$/);
});

test("users: added with a generated password, disabled, listed in the activity", async ({ page }) => {
  await signIn(page, "/setup");
  await page.goto("/manage/new-user");
  await page.getByLabel("User name").fill("admin");
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByLabel("User name")).toHaveAccessibleDescription(/a user of this name already/);
  await page.getByLabel("User name").fill("ann");
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page).toHaveURL("/manage/issued-password");
  expect(await page.getByRole("main").locator("code").first().innerText()).toMatch(/^([0-9a-z]{5}-){3}[0-9a-z]{5}\s*$/);
  await page.goto("/manage/user/ann");
  await page.getByRole("button", { name: "Disable user" }).click();
  await expect(page.getByText("The user was disabled")).toBeVisible();
  await page.goto("/manage/activity");
  await page.getByLabel("Kind").selectOption("account");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.locator(rows).first()).toContainText("Disabled a user");
});

test("one's own password", async ({ page }) => {
  await signIn(page, "/setup");
  await page.goto("/account");
  await page.getByLabel("Present password").fill(PASSWORD);
  await page.getByLabel("New password", { exact: true }).fill("short");
  await page.getByLabel("Repeat new password").fill("short");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("New password", { exact: true })).toHaveAccessibleDescription(/at least 8/);
  expect(page.url()).not.toContain("staple");
  await page.getByLabel("Present password").fill(PASSWORD);
  await page.getByLabel("New password", { exact: true }).fill("another horse");
  await page.getByLabel("Repeat new password").fill("another horse");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password was changed")).toBeVisible();
});
