// How long a reader waits: the largest contentful paint, how much moves, until the page answers without the server, and
// what he does then. On a server that is running, with what it holds.
//
//   node page-times.mjs <http://host:port> [rounds]
//
// With 50,000 repositories: node make-tree.mjs <folder> 50000 1, and serve that folder.

import { chromium } from "@playwright/test";

const [address, rounds = "9"] = process.argv.slice(2);
if (!address) {
  console.error("usage: node page-times.mjs <http://host:port> [rounds]");
  process.exit(2);
}

const browser = await chromium.launch({
  executablePath: process.env.HUMPBACK_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const measured = new Map();

function note(what, milliseconds) {
  measured.set(what, [...(measured.get(what) ?? []), milliseconds]);
}

/** Opens a page with nothing in the browser's cache. */
async function open(path) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.times = { paint: 0, shift: 0, ready: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.times.paint = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.times.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    new MutationObserver((_, observer) => {
      if (document.documentElement?.hasAttribute("data-hydrated")) {
        window.times.ready = performance.now();
        observer.disconnect();
      }
    }).observe(document, { attributes: true, childList: true, subtree: true });
  });
  await page.goto(`${address}${path}`);
  await page.waitForFunction(() => window.times.ready > 0 && window.times.paint > 0);
  const times = await page.evaluate(() => window.times);
  note(`${path}: largest contentful paint, ms`, times.paint);
  note(`${path}: answers by itself, ms`, times.ready);
  note(`${path}: layout shift`, times.shift);
  return { context, page };
}

/** How long it takes from `act` until `seen` in the page is true. */
async function until(page, what, act, seen, argument) {
  const begun = await page.evaluate(() => performance.now());
  await act();
  await page.waitForFunction(seen, argument, { polling: "raf" });
  note(what, (await page.evaluate(() => performance.now())) - begun);
}

for (let round = 0; round < Number(rounds); round++) {
  for (const path of ["/", "/setup"]) await (await open(path)).context.close();
  const { context, page } = await open("/repositories");
  const first = () => page.locator("tbody th").first().textContent();
  let before = await first();
  const changed = (text) => {
    const row = document.querySelector("tbody th");
    return row !== null && row.textContent !== text;
  };
  await until(page, "search a name", () => page.getByRole("searchbox").fill("app-4321"), changed, before);
  before = await first();
  await until(page, "take the search back", () => page.getByRole("searchbox").fill(""), changed, before);
  before = await first();
  await until(page, "the next page", () => page.locator('a[href*="page=2"]').first().click(), changed, before);
  before = await first();
  await until(page, "sort by size", () => page.locator('thead a[href*="sort=size"]').click(), changed, before);
  await until(
    page,
    "open a repository",
    () => page.locator("tbody th a").first().click(),
    () => location.pathname.startsWith("/repositories/") && document.querySelector("#tags") !== null,
  );
  await context.close();
}
await browser.close();

console.log(`| what | median | worst of ${rounds} |\n|---|---|---|`);
for (const [what, values] of measured) {
  const sorted = values.toSorted((one, other) => one - other);
  const digits = what.endsWith("shift") ? 3 : 0;
  const shown = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((value) => value.toFixed(digits));
  console.log(`| ${what} | ${shown.join(" | ")} |`);
}
