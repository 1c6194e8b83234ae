// A repository's description: written in Markdown, looked at before it is saved, never run.

import { expect, hydrated, open, test } from "../support/test.ts";
import { pullManifest, pushImage } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";

const rows = "tbody > tr";

test("an administrator describes a repository and sees what it will be", async ({ page, server, accessible }) => {
  await pushImage(server, "team/app", "1.0");
  await signIn(page, "/repositories/team/app");
  await hydrated(page);
  await page.getByRole("link", { name: "Add a description" }).click();
  await page.getByLabel("Text").fill("# Ours\n\n<img src=x onerror=alert(1)> **strong**, [site](https://a.example/)");
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.getByRole("heading", { name: "Ours" })).toBeVisible();
  await expect(preview).toContainText("<img src=x onerror=alert(1)>");
  await accessible();
  await page.getByRole("button", { name: "Save description" }).click();
  await expect(page).toHaveURL(/\/repositories\/team\/app$/);
  const description = page.getByRole("region", { name: "Description" });
  await expect(description.getByRole("link", { name: "site" })).toHaveAttribute("href", "https://a.example/");
  await expect(description.locator("img")).toHaveCount(0);
  await accessible();
});

test("the list of tags tells platforms and pulls", async ({ page, server, accessible }) => {
  await pushImage(server, "team/app", "1.0", { platform: { os: "linux", architecture: "arm64" } });
  await pullManifest(server, "team/app", "1.0");
  await open(page, "/repositories/team/app");
  await expect(page.locator(rows)).toContainText("linux/arm64");
  await expect(page.getByRole("columnheader", { name: "Pulls" })).toBeVisible();
  await accessible();
});
