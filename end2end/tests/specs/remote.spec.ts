// Another registry behind System Config's address: the explorer's pages show that one, as far as its API tells.

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Page } from "@playwright/test";

import { Distribution } from "../support/distribution.ts";
import { pushImage, pushIndex } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";
import { expect, fits, hydrated, open, test as base } from "../support/test.ts";

const CONFIG = "/manage/system-config";

const test = base.extend<{ data: string; other: Distribution }>({
  data: async ({}, use) => {
    const data = await mkdtemp(path.join(tmpdir(), "distribution-data-"));
    await use(data);
    await rm(data, { recursive: true, force: true });
  },
  other: async ({ data }, use) => {
    const other = await Distribution.start(data);
    await use(other);
    await other.stop();
  },
});

async function setAddress(page: Page, address: string): Promise<void> {
  await open(page, CONFIG);
  await page.getByLabel("Registry address").fill(address);
  await page.getByRole("button", { name: "Save configuration" }).click();
  await expect(page.getByText(/Saved as version \d+\. It is in force\./)).toBeVisible();
}

test("the explorer shows another registry, and says what it does not tell", async ({ page, server, other, accessible }) => {
  await pushImage(server, "here/only", "1.0");
  const image = await pushImage(other, "team/app", "1.0", { layers: ["a layer", "another"] });
  await pushIndex(other, "team/app", "2.0", [
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "arm64" },
  ]);
  await signIn(page, CONFIG);
  await setAddress(page, `http://${other.host}`);
  await expect(page.locator("#remote")).toContainText(`${other.host} is another registry`);
  await accessible();

  await open(page, "/repositories");
  await expect(page.getByRole("note").filter({ hasText: other.host })).toBeVisible();
  await expect(page.getByRole("rowheader")).toHaveText(["team/app"]);
  await accessible();
  await page.getByRole("link", { name: "team/app" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("team/app");
  await expect(page.getByRole("rowheader", { name: "2.0", exact: true })).toBeVisible();
  await expect(page.getByText(`docker pull ${other.host}/team/app:`)).toBeVisible();
  // What that registry does not let us do is not offered.
  await expect(page.getByRole("main").getByRole("link", { name: /delete/i })).toHaveCount(0);
  await accessible();
  await page.getByRole("link", { name: "1.0", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("team/app:1.0");
  await expect(page.getByRole("main")).toContainText(image.digest);
  await accessible();
  await open(page, "/manifests/team/app?reference=2.0");
  await expect(page.getByRole("main")).toContainText("linux/arm64");
  await page.setViewportSize({ width: 320, height: 800 });
  await fits(page);
  await accessible();

  // Back to what lies here.
  await page.setViewportSize({ width: 1280, height: 900 });
  await setAddress(page, `http://${server.host}`);
  await open(page, "/repositories");
  await expect(page.getByRole("rowheader")).toHaveText(["here/only"]);
});

test("a registry that wants a password, and one that is gone, say so with the way out", async ({
  page,
  data,
  other,
  problems,
  accessible,
}) => {
  // The page says it with its status, too.
  problems.expect(/status 502: GET/, /console error: Failed to load resource/);
  await pushImage(other, "team/app", "1.0");
  const locked = await Distribution.start(data, { password: true });
  await signIn(page, CONFIG);
  await setAddress(page, `http://${locked.host}`);
  await open(page, "/repositories");
  await expect(page.getByRole("alert")).toContainText("asks for a user name and password");
  await accessible();
  await page.getByRole("alert").getByRole("link", { name: "System Config" }).click();
  await expect(page).toHaveURL((url) => url.pathname === CONFIG);
  const card = page.locator("#remote");
  await card.getByLabel("User name", { exact: true }).fill("ann");
  await card.getByLabel("Password", { exact: true }).fill("right horse");
  await card.getByRole("button", { name: "Save and ask" }).click();
  await expect(card.getByText("Saved.")).toBeVisible();
  await accessible();
  await open(page, "/repositories");
  await expect(page.getByRole("rowheader")).toHaveText(["team/app"]);

  await locked.stop();
  await open(page, "/repositories/team/none");
  await expect(page.getByRole("alert")).toContainText("can't be reached");
  await accessible();
});

test("an address that answers late is no trouble for the page", async ({ page }) => {
  // Not before the page has been asked for: what waits for it may be drawn twice.
  const late = createServer((_, answer) => void setTimeout(() => answer.writeHead(404).end(), 400));
  await new Promise<void>((resolve) => late.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(late.address() as AddressInfo).port}`;
  await signIn(page, CONFIG);
  await setAddress(page, `http://${host}`);
  await open(page, CONFIG);
  await hydrated(page);
  await expect(page.locator("#remote").getByRole("note")).toContainText(host);
  await expect(page.getByLabel("Registry address")).toHaveValue(`http://${host}`);
  await new Promise((resolve) => late.close(resolve));
});
