// The setup guide: the snippets follow what is typed, and the choice has an address.

import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { type Page } from "@playwright/test";

import { expect, fits, hydrated, open, test } from "../support/test.ts";

const snippet = (page: Page, text: string | RegExp) => page.locator(".code-block", { hasText: text });

test("begins with the address that the page was opened at", async ({ page, server, accessible }) => {
  await open(page, "/setup");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Setup guide");
  await expect(page.getByLabel("Registry address")).toHaveValue(server.host);
  // The server itself listens on a loopback address: nothing is to be configured, and the guide says so.
  await expect(page.getByText("Docker accepts its own machine without any configuration")).toBeVisible();
  await accessible();
});

test("snippets follow as one types", async ({ page, accessible }) => {
  await open(page, "/setup");
  const address = page.getByLabel("Registry address");
  await address.fill("192.168.1.10:5000");
  await expect(snippet(page, '"insecure-registries": ["192.168.1.10:5000"]')).toBeVisible();
  await address.fill("");
  await address.pressSequentially("registry.example.com:5000");
  await expect(snippet(page, '"insecure-registries": ["registry.example.com:5000"]')).toBeVisible();
  await expect(address).toBeFocused();
  await accessible();

  await address.fill("https://registry.example.com");
  await expect(snippet(page, "/etc/docker/certs.d/'registry.example.com'/ca.crt").first()).toBeVisible();
  await expect(page.locator(".steps .code-block", { hasText: "insecure-registries" })).toHaveCount(0);
  await accessible();
});

test("an address that is none gives no snippet and says what to mend", async ({ page, accessible }) => {
  await open(page, "/setup");
  const address = page.getByLabel("Registry address");
  await address.fill("registry.example.com:5000/$(reboot)");
  await expect(page.locator(".steps .code-block")).toHaveCount(0);
  await expect(address).toHaveAttribute("aria-invalid", "true");
  await expect(address).toHaveAccessibleDescription(/path/);
  await accessible();
});

test("each machine has its own versions, at an address of their own", async ({ page, accessible }) => {
  await open(page, "/setup?address=192.168.1.10%3A5000");
  for (const [machine, versions] of [
    ["Ubuntu", ["Docker 23.0 or newer", "Docker 1.13 to 20.10", /14\.04/, "As in Humpback's documentation"]],
    ["CentOS 7", ["docker-ce", /1\.12 and 1\.13/, /1\.8 to 1\.10/, "As in Humpback's documentation"]],
    ["CentOS 6", ["The form that works", "As in Humpback's documentation"]],
  ] as const) {
    const machines = page.getByRole("group").filter({ hasText: "This machine runs" });
    if (!(await machines.getByRole("searchbox").isVisible())) await machines.getByText("Choose another").click();
    await machines.getByRole("link", { name: machine, exact: true }).click();
    const choice = page.getByRole("navigation", { name: "Version" });
    await expect(choice.getByRole("link")).toHaveText([...versions]);
    for (const version of versions) {
      await choice.getByRole("link", { name: version }).click();
      await expect(choice.getByRole("link", { name: version })).toHaveAttribute("aria-current", "page");
      await expect(choice.getByRole("link", { name: version })).toBeFocused();
      await expect(page.locator(".code-block", { hasText: "192.168.1.10:5000" }).first()).toBeVisible();
      await accessible();
    }
  }
  // What is at that address is what was seen.
  const steps = await page.locator(".steps").innerText();
  await page.reload();
  await hydrated(page);
  await expect(page.locator(".steps")).toHaveText(steps, { useInnerText: true });
});

test("a machine is found by what people call it", async ({ page, accessible }) => {
  await open(page, "/setup");
  const links = page.getByRole("navigation", { name: "This machine runs" }).getByRole("link");
  await expect(links).toHaveCount(44);
  await page.getByRole("searchbox").fill("rocky");
  await expect(links).toHaveText(["RHEL, Rocky, AlmaLinux, Oracle Linux"]);
  await page.getByRole("searchbox").fill("nothing like it");
  await expect(page.getByText("Nothing is called “nothing like it” here.", { exact: false })).toBeVisible();
  await accessible();
});

test("the way to trust the registry is a choice with an address", async ({ page, accessible }) => {
  await open(page, "/setup?target=debian&address=registry.example.com%3A5000");
  const trust = page.getByRole("navigation", { name: "How clients trust the registry" });
  await expect(trust.getByRole("link", { name: "Plain HTTP" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByText("Neither encrypted nor verified", { exact: false })).toBeVisible();
  await trust.getByRole("link", { name: "private CA" }).click();
  await expect(page).toHaveURL(/trust=ca/);
  await expect(snippet(page, "/etc/docker/certs.d/'registry.example.com:5000'").first()).toBeVisible();
  await expect(snippet(page, "update-ca-certificates")).toBeVisible();
  await accessible();
  // A scheme that is typed decides.
  await page.getByLabel("Registry address").fill("http://registry.example.com:5000");
  await expect(trust.getByRole("link")).toHaveText(["Plain HTTP"]);
});

test("the original line is shown as what does not work", async ({ page }) => {
  await open(page, "/setup?target=centos-7&version=original&address=192.168.1.10%3A5000");
  const refuted = snippet(page, 'INSECURE_REGISTRY="192.168.1.10:5000"');
  await expect(refuted).toHaveText(/Does not work/);
  await expect(refuted.getByRole("button")).toHaveCount(0);
  await expect(page.getByText('"dockerd" accepts no argument(s).')).toBeVisible();
  await expect(snippet(page, "INSECURE_REGISTRY='--insecure-registry 192.168.1.10:5000'").first()).toBeVisible();
});

test("a command is copied whole", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, "/setup?address=192.168.1.10%3A5000");
  const merge = page.locator(".code-block", { hasText: "mktemp" });
  await merge.getByRole("button").click();
  await expect(page.locator("p.visually-hidden[role=status]")).toHaveText("Copied");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await merge.locator("code").first().innerText());
  expect(copied).toContain("r='192.168.1.10:5000'");
});

test("going back brings the address back", async ({ page }) => {
  await open(page, "/setup?address=192.168.1.10%3A5000");
  const address = page.getByLabel("Registry address");
  await address.fill("registry.example.com:5000");
  await address.press("Enter");
  await expect(page).toHaveURL(/address=registry\.example\.com/);
  await page.goBack();
  await expect(address).toHaveValue("192.168.1.10:5000");
  await expect(snippet(page, '"insecure-registries": ["192.168.1.10:5000"]')).toBeVisible();
});

for (const target of ["linux", "ubuntu", "centos-7", "centos-6", "podman", "kind", "ansible", "docker-desktop-windows"]) {
  test(`fits a phone: ${target}`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await open(page, `/setup?target=${target}&version=original&address=a-rather-long-name.registry.example.com%3A5000`);
    await fits(page);
  });
}

test("a daemon.json that is pasted comes back with the registry, and a broken one with the place", async ({ page, accessible }) => {
  await open(page, "/setup?target=debian&address=192.168.1.10%3A5000");
  const merge = page.getByRole("region", { name: "Have your files changed" });
  const file = merge.getByLabel("/etc/docker/daemon.json");
  await file.fill('{\n  "debug": true,\n}\n');
  await merge.getByRole("button", { name: "Show the change" }).click();
  await expect(merge.getByText("Line 3, column 1")).toBeVisible();
  await expect(page.locator("p.visually-hidden[role=status]")).toHaveText("Not every file could be merged");
  await accessible();

  await file.fill('{\n  "debug": true\n}\n');
  await merge.getByRole("button", { name: "Show the change" }).click();
  await expect(merge.locator("del")).toHaveText(['- "debug": true'], { useInnerText: true });
  await expect(merge.locator("ins").last()).toContainText('"insecure-registries": ["192.168.1.10:5000"]');
  await accessible();
  // What was pasted is nobody's business: it is not in the page's address.
  await expect(page).not.toHaveURL(/debug/);
});

test("a flag that would stop docker moves into daemon.json", async ({ page }) => {
  await open(page, "/setup?target=debian&address=192.168.1.10%3A5000");
  const merge = page.getByRole("region", { name: "Have your files changed" });
  await merge.getByLabel("A file that gives Docker flags").fill('DOCKER_OPTS="--insecure-registry old.example:5000"\n');
  await merge.getByRole("button", { name: "Show the change" }).click();
  await expect(merge.locator("ins").filter({ hasText: '"old.example:5000", "192.168.1.10:5000"' })).toBeVisible();
  await expect(merge.locator("del")).toContainText("--insecure-registry old.example:5000");
});

test("the script is shown whole, and is what the command fetches", async ({ page, request, accessible }) => {
  await open(page, "/setup?target=debian&address=192.168.1.10%3A5000");
  await page.getByText("Read debian.sh whole").click();
  const link = page.getByRole("link", { name: "Open debian.sh by itself" });
  const served = await (await request.get((await link.getAttribute("href")) ?? "")).text();
  expect(served).toContain("REGISTRY='192.168.1.10:5000'");
  const shown = page.locator("details.guide__script code").first();
  expect((await shown.textContent())?.trim()).toBe(served.trim());
  await accessible();
  // Where nothing is to be configured there is no script.
  await open(page, "/setup?target=helm&address=192.168.1.10%3A5000");
  await expect(page.getByText("--plain-http").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Or all at once, by a script" })).toHaveCount(0);
});

test("all steps are copied as Markdown", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, "/setup?target=podman&address=192.168.1.10%3A5000");
  await page.getByRole("button", { name: "Copy all steps" }).click();
  await expect(page.locator("p.visually-hidden[role=status]")).toHaveText("Copied");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^# Podman · Whole machine, as root · Plain HTTP\n/);
  expect(copied).toContain('\n```\n[[registry]]\nlocation = "192.168.1.10:5000"\ninsecure = true\n```\n');
});

test.describe("with a private authority", () => {
  const authority = path.resolve(import.meta.dirname, "../../../tests/ca.pem");
  test.use({ parameters: ["--ca", authority] });

  test("it is there to download and to compare", async ({ page, accessible }) => {
    const known = new X509Certificate(await readFile(authority));
    await open(page, "/setup?target=debian&trust=ca&address=registry.example.com%3A5000");
    const region = page.getByRole("region", { name: "The registry's certificate authority" });
    await expect(region).toContainText(known.fingerprint256);
    await expect(region).toContainText("Private CA");
    await expect(snippet(page, `sha256 Fingerprint=${known.fingerprint256}`).first()).toBeVisible();
    await expect(snippet(page, "curl -fsSk -o ca.crt 'https://registry.example.com:5000/setup/ca.crt'").first()).toBeVisible();
    const download = page.waitForEvent("download");
    await region.getByRole("link", { name: "Download ca.crt" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("ca.crt");
    expect(new X509Certificate(await readFile(await file.path())).fingerprint256).toBe(known.fingerprint256);
    await accessible();
    await page.setViewportSize({ width: 320, height: 640 });
    await fits(page);
    // Where it is not needed it is not shown.
    await page.getByRole("navigation", { name: "How clients trust the registry" }).getByRole("link", { name: "Plain HTTP" }).click();
    await expect(region).toHaveCount(0);
  });
});
