// Every page of the console, and what a registry can hold when they are opened.

import { expect, type Page } from "@playwright/test";

import { type Descriptor, pushAttachment, pushImage, pushIndex } from "./push.ts";
import type { Server } from "./server.ts";
import { PASSWORD } from "./test.ts";

/** What a registry holds. */
export type State = "empty" | "one" | "many";

/** A page by a name that can stand in a file's name. `images`: only where there is team/app:1.0. */
export interface Place {
  name: string;
  path: string;
  images?: true;
}

/** Pages for everybody, while the registry is open. */
export const PUBLIC: Place[] = [
  { name: "home", path: "/" },
  { name: "repositories", path: "/repositories" },
  { name: "repositories-no-match", path: "/repositories?q=nothing-of-this-name", images: true },
  { name: "repository", path: "/repositories/team/app", images: true },
  { name: "repository-missing", path: "/repositories/team/none" },
  { name: "manifest", path: "/manifests/team/app?reference=1.0", images: true },
  { name: "manifest-layers", path: "/manifests/team/app?reference=1.0&tab=layers", images: true },
  { name: "manifest-missing", path: "/manifests/team/app?reference=none" },
  { name: "tag-history", path: "/tag-history/team/app?tag=1.0", images: true },
  { name: "setup", path: "/setup?target=ubuntu&address=registry.example.com%3A5000" },
  { name: "troubleshooting", path: "/setup/troubleshooting" },
  { name: "not-found", path: "/no/such/page" },
];

/** Pages for administrators. */
export const ADMINISTRATION: Place[] = [
  { name: "users", path: "/manage/users" },
  { name: "user", path: "/manage/user/admin" },
  { name: "new-user", path: "/manage/new-user" },
  { name: "groups", path: "/manage/groups" },
  { name: "robots", path: "/manage/robots" },
  { name: "new-robot", path: "/manage/new-robot" },
  { name: "access", path: "/manage/access" },
  { name: "activity", path: "/manage/activity" },
  { name: "deleted", path: "/manage/deleted" },
  { name: "notifications", path: "/manage/notifications" },
  { name: "system-config", path: "/manage/system-config" },
  { name: "describe", path: "/describe/team/app", images: true },
  { name: "delete-tag", path: "/delete-tag/team/app?tag=1.0", images: true },
  { name: "put-tag", path: "/put-tag/team/app?reference=1.0", images: true },
  { name: "delete-repository", path: "/delete-repository/team/app", images: true },
];

/** Pages of whoever has signed in. */
export const OWN: Place[] = [
  { name: "account", path: "/account" },
  { name: "new-token", path: "/account/new-token" },
];

const PLATFORM = { os: "linux", architecture: "amd64" };

/** Fills a registry; the same bytes each time. */
export async function fill(server: Server, state: State): Promise<void> {
  if (state === "empty") return;
  const layers = ["a layer", "another layer"];
  const labels = { "org.opencontainers.image.source": "https://example.com/team/app" };
  const image = await pushImage(server, "team/app", "1.0", { layers, labels, platform: PLATFORM });
  if (state === "one") return;
  await pushAttachment(server, "team/app", image, "application/spdx+json");
  for (let at = 0; at < 60; at++) {
    await pushImage(server, `team-${at % 7}/service-${at}`, "1.0", { layers, platform: PLATFORM });
  }
  const attested: Descriptor[] = [];
  for (let at = 0; at < 12; at++) await pushImage(server, "team/app", `2.${at}`, { layers: [`layer ${at}`], labels });
  await pushIndex(server, "team/app", "3.0", [PLATFORM, { os: "linux", architecture: "arm64" }], attested);
  // A name that no table has room for.
  await pushImage(server, `${"long-".repeat(24)}name/of-a-repository`, "a".repeat(128), { layers });
}

/** Signs in whatever the language, and stays where it leads. */
export async function enter(page: Page, name = "admin", password = PASSWORD): Promise<void> {
  await page.goto("/sign-in");
  await page.locator("#user_name").fill(name);
  await page.locator("#password").fill(password);
  await page.getByRole("main").locator("button[type=submit]").click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Sends a form of the console as the page's reader. */
export async function submit(page: Page, server: Server, name: string, form: Record<string, string>): Promise<void> {
  const headers = { origin: server.url, referer: `${server.url}/`, accept: "text/html" };
  const answer = await page.request.post(`${server.url}/api/${name}`, { form, headers, maxRedirects: 0 });
  expect(answer.status(), `${name}: ${answer.headers().location}`).toBe(302);
  expect(answer.headers().location, name).not.toContain("__err");
}

/** The accessibility tree of the page's content, without what differs from run to run. */
export async function outline(page: Page, server: Server): Promise<string> {
  const tree = await page.getByRole("main").ariaSnapshot();
  const same: [RegExp, string][] = [
    [new RegExp(server.host.replaceAll(".", "\\."), "g"), "registry.test:5000"],
    [/\b\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?( UTC)?)?\b/g, "DATE"],
    [/\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*( \d{4})?\b/g, "DATE"],
    [/(\d{4} ?年 ?)?\d{1,2} ?月 ?\d{1,2} ?日/g, "DATE"],
    [/\b(just now|\d+ minutes? ago)/g, "AGO"],
    [/(刚刚|\d+ 分钟前)/g, "AGO"],
    [/[\d.]+\s(GB|TB|MB)/g, "SIZE"],
    [/\b\d+([.,]\d+)?\s?%(?![0-9A-F]{2})/g, "SHARE"],
  ];
  return `${same.reduce((text, [pattern, word]) => text.replace(pattern, word), tree)}\n`;
}
