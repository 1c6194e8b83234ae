// Pictures of every page, to be looked at: both themes, both languages, narrow and wide; empty, one, many.

import path from "node:path";

import { expect, type Page } from "@playwright/test";

import { pushImage, pushIndex } from "../support/push.ts";
import { hydrated, open, PASSWORD, test } from "../support/test.ts";
import { signIn } from "../support/sign-in.ts";

const folder = path.resolve(import.meta.dirname, "../../test-results/screens");

const GUIDES = ["linux", "ubuntu", "centos-7", "centos-6", "podman", "k3s", "ansible"].map(
  (target) => [`setup-${target}`, `/setup?target=${target}&version=original&address=192.168.1.10%3A5000`] as const,
);

async function take(page: Page, name: string, address: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [320, 1440]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await open(page, address);
      const language = await page.locator("html").getAttribute("lang");
      await page.screenshot({ path: path.join(folder, `${name}-${language}-${colorScheme}-${width}.png`), fullPage: true });
    }
  }
}

for (const locale of ["en", "zh-CN"]) {
  test.describe(locale, () => {
    test.use({ locale });
    test.setTimeout(300_000);

    test("empty", async ({ page }) => {
      await take(page, "home-empty", "/");
      await take(page, "repositories-empty", "/repositories");
      await take(page, "sign-in", "/sign-in");
      for (const [name, address] of GUIDES) await take(page, name, address);
      await take(page, "setup-https", "/setup?address=https%3A%2F%2Fregistry.example.com");
      await take(page, "troubleshooting", "/setup/troubleshooting");
      await take(page, "troubleshooting-answer", "/setup/troubleshooting?error=x509%3A+certificate+signed+by+unknown+authority");
      await take(page, "problem", "/setup/troubleshooting/http-response-to-https-client?address=192.168.1.10%3A5000");
      await take(page, "proxy-check", "/setup/proxy");
      await take(page, "setup-invalid", "/setup?address=registry.example.com%2Fv2");
    });

    test("one", async ({ page, server }) => {
      await pushImage(server, "team/app", "1.0", { layers: ["x".repeat(90_000), "y".repeat(400_000)] });
      await take(page, "repositories-one", "/repositories");
      await take(page, "repository-one", "/repositories/team/app");
      await take(page, "manifest", "/manifests/team/app?reference=1.0");
    });

    test("many", async ({ page, server }) => {
      for (let at = 0; at < 60; at++) await pushImage(server, `team-${at % 7}/service-${at}`, "1.0", { layers: ["same"] });
      const platforms = ["amd64", "arm64", "riscv64"].map((architecture) => ({ os: "linux", architecture }));
      for (let at = 0; at < 8; at++) await pushIndex(server, "team/app", `2.${at}`, platforms);
      await take(page, "home-many", "/");
      await take(page, "repositories-many", "/repositories");
      await take(page, "repository-many", "/repositories/team/app");
      await take(page, "manifest-index", "/manifests/team/app?reference=2.0");
    });
  });
}

for (const locale of ["en", "zh-CN"]) {
  test.describe(`a private authority, ${locale}`, () => {
    test.use({ locale, parameters: ["--ca", path.resolve(import.meta.dirname, "../../../tests/ca.pem")] });
    test.setTimeout(300_000);
    test("its guide, and clients that came", async ({ page, server }) => {
      await take(page, "setup-ca", "/setup?target=debian&trust=ca&address=registry.example.com%3A5000");
      await pushImage(server, "team/app", "1.0");
      await fetch(`${server.url}/v2/`, { headers: { "user-agent": "docker/24.0.5 go/go1.20.6 os/linux arch/amd64" } });
      await fetch(`${server.url}/v2/team/none/manifests/1.0`, { headers: { "user-agent": "skopeo/1.9.3" } });
      // The helper reads English.
      if (locale === "en") await signIn(page, "/setup/proxy");
      await take(page, "verify", "/setup?target=podman&address=192.168.1.10%3A5000");
      await take(page, "proxy-check-administrator", "/setup/proxy");
    });
  });
}

test.describe("signed in", () => {
  test.setTimeout(300_000);
  test("administrator", async ({ page, server }) => {
    await pushImage(server, "team/app", "1.0");
    await signIn(page);
    await take(page, "home-administrator", "/");
    await take(page, "system-config", "/manage/system-config");
    await take(page, "users", "/manage/users");
    await take(page, "user", "/manage/user/admin");
    await take(page, "new-user", "/manage/new-user");
    await take(page, "activity", "/manage/activity");
    await take(page, "account", "/account");
    await take(page, "repository-administrator", "/repositories/team/app");
    await take(page, "delete-tag", "/delete-tag/team/app?tag=1.0");
  });
});

for (const locale of ["en", "zh-CN"]) {
  test.describe(`credentials ${locale}`, () => {
    test.use({ locale });
    test.setTimeout(300_000);
    test("groups, access tokens and robots", async ({ page }) => {
      await page.goto("/sign-in");
      await page.locator("#user_name").fill("admin");
      await page.locator("#password").fill(PASSWORD);
      await page.getByRole("main").locator("button[type=submit]").click();
      await page.waitForURL((url) => url.pathname !== "/sign-in");
      await take(page, "groups-empty", "/manage/groups");
      await take(page, "robots-empty", "/manage/robots");
      for (const name of ["dev", "ops", "release-managers"]) {
        await open(page, "/manage/groups");
        await page.locator("#group_name").fill(name);
        await page.locator("main form button.button--primary").click();
        await page.waitForURL(/manage\/group\//);
        await hydrated(page);
        await page.locator("#user_name").fill("admin");
        await page.locator("main form:has(#user_name) button.button--primary").click();
        await expect(page.getByRole("table").getByRole("link", { name: "admin" })).toBeVisible();
      }
      await take(page, "groups", "/manage/groups");
      await take(page, "group", "/manage/group/dev");
      await take(page, "new-token", "/account/new-token");
      for (const [name, limited] of [["laptop", false], ["build server", true]] as const) {
        await open(page, "/account/new-token");
        await page.locator("#token_name").fill(name);
        if (limited) {
          await page.locator('[name="limited"][value="true"]').check();
          await page.locator('[name="scope[0][pattern]"]').fill("team/**");
          await page.locator('[name="scope[0][pull]"]').check();
          await page.locator('[name="scope[0][push]"]').check();
          await page.locator('[name="scope[1][pattern]"]').fill("base/*");
          await page.locator('[name="lifetime"][value="never"]').check();
          await page.screenshot({ path: path.join(folder, `new-token-limited-${locale}.png`), fullPage: true });
          await page.locator('[name="scope[1][pull]"]').check();
        }
        await page.locator("main form button[type=submit]").click();
        await page.waitForURL(/issued-token/);
      }
      await page.setViewportSize({ width: 320, height: 900 });
      await page.screenshot({ path: path.join(folder, `issued-token-${locale}.png`), fullPage: true });
      await take(page, "account-tokens", "/account");
      await take(page, "user-tokens", "/manage/user/admin");
      await open(page, "/manage/new-robot");
      await page.locator("#robot_name").fill("ci");
      await page.locator("#description").fill("Builds the team's images; ask Ann.");
      await page.locator('[name="scope[0][pattern]"]').fill("team/**");
      await page.locator('[name="scope[0][push]"]').check();
      await page.locator("main form button[type=submit]").click();
      await page.waitForURL(/issued-robot/);
      await take(page, "new-robot", "/manage/new-robot");
      await take(page, "robots", "/manage/robots");
      await take(page, "robot", "/manage/robot/ci");
    });
  });
}

test.describe("first start", () => {
  test.use({ administrator: false });
  test("without an account", async ({ page }) => take(page, "first-start", "/first-start"));
});
