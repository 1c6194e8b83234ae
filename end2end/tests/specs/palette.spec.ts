// The command palette and the shortcuts, with the keyboard alone.

import { type Locator, type Page } from "@playwright/test";

import { pushImage } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";
import { expect, fits, hydrated, open, test } from "../support/test.ts";

const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Search or go to" });
const field = (page: Page): Locator => page.getByRole("combobox");
const active = (page: Page): Locator => page.getByRole("option", { selected: true });
const title = (page: Page): Locator => page.getByRole("heading", { level: 1 });

/** What the style sheet writes into the button. */
const keysOf = (page: Page): Promise<string> =>
  page.locator(".header__search kbd").evaluate((kbd) => getComputedStyle(kbd, "::after").content);

/** Opens the palette and waits for what it offers first. */
async function summon(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  await expect(page.getByRole("option").first()).toBeVisible();
}

/** Types, and waits until `text` is the option that Enter chooses. */
async function find(page: Page, typed: string, text: string | RegExp): Promise<void> {
  await page.keyboard.type(typed);
  await expect(active(page)).toHaveText(text);
}

test("a repository is found, opened, and offered first the next time", async ({ page, server, accessible }) => {
  for (const name of ["team/app", "tools/app-builder", "web"]) await pushImage(server, name, "1.0");
  await open(page, "/setup");
  await page.keyboard.press("Meta+k");
  await expect(dialog(page)).toBeVisible();
  await expect(field(page)).toBeFocused();
  await expect(page.getByRole("group", { name: "Pages" }).getByRole("option", { name: "Setup guide" })).toBeVisible();
  await expect(page.getByRole("group", { name: "Recent" })).toHaveCount(0);
  await accessible();

  await page.keyboard.type("app");
  const repositories = page.getByRole("group", { name: "Repositories" }).getByRole("option");
  await expect(repositories).toHaveText(["team/app", "tools/app-builder"]);
  await expect(dialog(page).getByRole("status")).toHaveText("3 results");
  await expect(active(page)).toHaveText("team/app");
  await page.keyboard.press("ArrowDown");
  await expect(active(page)).toHaveText("tools/app-builder");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await active(page).getAttribute("id")) ?? "");
  await page.keyboard.press("End");
  await expect(active(page)).toHaveText("Search the repositories for “app”");
  await page.keyboard.press("ArrowDown");
  await expect(active(page)).toHaveText("team/app");
  await page.keyboard.press("ArrowUp");
  await expect(active(page)).toHaveText("Search the repositories for “app”");
  await page.keyboard.press("Home");
  await accessible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/repositories/team/app");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(title(page)).toBeFocused();

  await summon(page);
  await expect(dialog(page).getByRole("group").first()).toHaveAccessibleName("Recent");
  await expect(active(page)).toHaveText("team/app Repository", { useInnerText: true });
  await page.keyboard.type("no-such-thing");
  await expect(active(page)).toHaveText("Search the repositories for “no-such-thing”");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/repositories\?q=no-such-thing$/);
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
});

test("the focus goes back to what had it", async ({ page }) => {
  await open(page, "/setup");
  const button = page.getByRole("banner").getByRole("button", { name: "Search" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(button).toBeFocused();
  // From within a field, too; the same keys close it again.
  await page.getByLabel("Registry address").focus();
  await summon(page);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByLabel("Registry address")).toBeFocused();
});

test("a tag is found by its image and by its name", async ({ page, server, context }) => {
  for (const tag of ["1.0", "1.1", "2.0"]) await pushImage(server, "team/app", tag);
  await pushImage(server, "web", "2.0");
  await open(page, "/");
  await summon(page);
  await page.keyboard.type(`${server.host}/team/app:1.`);
  await expect(page.getByRole("group", { name: "Tags" }).getByRole("option")).toHaveText(["team/app:1.0", "team/app:1.1"]);
  await page.keyboard.press("ControlOrMeta+a");
  await find(page, "2.0", "web:2.0");
  await expect(page.getByRole("group", { name: "Tags" }).getByRole("option")).toHaveText(["web:2.0", "team/app:2.0"]);
  // Beside the page, and the palette stays.
  const beside = context.waitForEvent("page");
  await page.keyboard.press("Control+Enter");
  await expect(await beside).toHaveURL(/\/manifests\/web\?reference=2\.0$/);
  await page.bringToFront();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/manifests\/team\/app\?reference=2\.0$/);
});

test("Enter waits for the answer", async ({ page, server }) => {
  await pushImage(server, "team/app", "1.0");
  await open(page, "/");
  await summon(page);
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/api\/palette/, async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.type("team/app");
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeVisible();
  release();
  await expect(page).toHaveURL("/repositories/team/app");
});

test("pages and actions are for whoever may open and do them", async ({ page }) => {
  await open(page, "/setup");
  await summon(page);
  await page.keyboard.type("system c");
  await expect(active(page)).toHaveText("Search the repositories for “system c”");
  await page.keyboard.press("ControlOrMeta+a");
  await find(page, "sign in", "Sign in");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/sign-in?return_to=/setup");

  await signIn(page, "/setup");
  await hydrated(page);
  await summon(page);
  await find(page, "system c", "System Config");
  await page.keyboard.press("Enter");
  await expect(title(page)).toHaveText("System Config");
  await summon(page);
  await find(page, "sign out", "Sign out");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("group", { name: "Account" }).getByRole("link", { name: "Sign in" })).toBeVisible();
});

test("theme and language are changed", async ({ page, accessible }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await open(page, "/setup");
  await summon(page);
  await find(page, "dark", "Theme: Dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
  await summon(page);
  await accessible();
  await find(page, "中文", "Language: 中文");
  await page.keyboard.press("Enter");
  await expect(title(page)).toHaveText("接入指南");
});

test("single keys", async ({ page, server, accessible }) => {
  await pushImage(server, "team/app", "1.0");
  await open(page, "/repositories");
  await page.keyboard.press("/");
  const filter = page.getByRole("searchbox");
  await expect(filter).toBeFocused();
  // While one types, they are letters.
  await page.keyboard.type("/?gs");
  await expect(filter).toHaveValue("/?gs");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await filter.fill("");
  await page.keyboard.press("Tab");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(title(page)).toHaveText("Setup guide");

  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list.getByRole("button", { name: "Close" })).toBeFocused();
  await accessible();
  await page.keyboard.press("Tab");
  const single = list.getByRole("switch", { name: "Single-key shortcuts" });
  await expect(single).toBeFocused();
  await expect(single).toBeChecked();
  const saved = page.waitForResponse(/\/api\/set_shortcuts/);
  await page.keyboard.press("Space");
  await expect(single).not.toBeChecked();
  await saved;
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  // Off, also after a reload; Ctrl K is not a single key, and leads to the list.
  await page.reload();
  await hydrated(page);
  await page.keyboard.press("?");
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await summon(page);
  await expect(title(page)).toHaveText("Setup guide");
  await find(page, "shortcuts", "Keyboard shortcuts");
  await page.keyboard.press("Enter");
  await expect(list).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(single).not.toBeChecked();
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("?");
  await expect(list).toBeVisible();
});

test("a palette whose code does not come leaves the search to the server", async ({ page, problems }) => {
  problems.expect(/split_palette/, /Failed to fetch/);
  await open(page, "/setup");
  await page.route(/split_palette/, (route) => route.abort("connectionfailed"));
  await page.keyboard.press("Control+k");
  await expect(page).toHaveURL("/repositories");
});

test("a server that does not answer is said, and asked again", async ({ page, problems }) => {
  problems.expect(/api\/palette/, /Failed to load resource/);
  await open(page, "/setup");
  await summon(page);
  await page.route(/\/api\/palette/, (route) => route.abort("connectionfailed"));
  await page.keyboard.type("trouble");
  await expect(dialog(page).getByRole("status")).toHaveText(/does not answer/);
  await expect(page.getByRole("option")).toHaveCount(0);
  await page.unroute(/\/api\/palette/);
  await find(page, "shooting", "Troubleshooting");
});

test.describe("a Chinese browser", () => {
  test.use({ locale: "zh-CN" });

  test("Enter that ends a composition chooses nothing", async ({ page, accessible }) => {
    await open(page, "/");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "搜索或跳转" })).toBeVisible();
    await expect(page.getByRole("group", { name: "页面" }).getByRole("option", { name: "接入指南" })).toBeVisible();
    await accessible();
    const first = (await active(page).getAttribute("id")) ?? "";

    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/palette")) asked.push(request.postData() ?? "");
    });
    // As an input method does: the keys are its own, and what stands in the field is not yet what is meant.
    await field(page).evaluate((input: HTMLInputElement) => {
      const key = (name: string, composing: boolean): boolean =>
        input.dispatchEvent(
          new KeyboardEvent("keydown", {
            key: name,
            keyCode: 229,
            isComposing: composing,
            bubbles: true,
            cancelable: true,
          }),
        );
      const put = (value: string, composing: boolean): void => {
        input.value = value;
        input.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: composing }));
      };
      input.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
      put("jie ru", true);
      key("ArrowDown", true);
      key("Enter", true);
      put("接入", true);
      input.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "接入" }));
      // Safari's, which comes after the end.
      key("Enter", false);
    });
    await expect(active(page)).toHaveText("接入指南");
    await expect(active(page)).toHaveAttribute("id", first);
    await expect(page).toHaveURL("/");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("接入");
    await page.keyboard.press("Enter");
    await expect(title(page)).toHaveText("接入指南");
  });
});

for (const locale of ["en", "zh-CN"]) {
  test.describe(`a phone, ${locale}`, () => {
    test.use({ locale, viewport: { width: 320, height: 568 } });

    test("the palette and the list fit", async ({ page, server, accessible }) => {
      await pushImage(server, `team/${"a-long-name".repeat(18)}`, "t".repeat(128));
      await open(page, "/");
      await page.getByRole("banner").getByRole("button", { name: locale === "en" ? "Search" : "搜索" }).click();
      await expect(field(page)).toBeFocused();
      await page.keyboard.type("team:t");
      await expect(page.getByRole("option").first()).toContainText("a-long-name");
      await fits(page);
      await accessible();
      // By touch there is no Escape.
      await page.getByRole("button", { name: locale === "en" ? "Close" : "关闭" }).click();
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
      await fits(page);
      await accessible();
    });
  });
}

test.describe("on Apple's systems", () => {
  test.use({ userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15" });

  test("the button names the key that is there", async ({ page }) => {
    await open(page, "/");
    expect(await keysOf(page)).toBe('"⌘ K"');
  });
});

test("the button names the keys", async ({ page }) => {
  await open(page, "/");
  expect(await keysOf(page)).toBe('"Ctrl K"');
});
