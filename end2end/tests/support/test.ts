// The test that specs import: a server, a watched page, and what many of them do.

import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

import { Problems } from "./problems.ts";
import { Server } from "./server.ts";

export { expect };

export const PASSWORD = "correct horse battery staple";

interface Fixtures {
  /** Whether the server has an administrator from its start. */
  administrator: boolean;
  /** What stands on the server's command line besides. */
  parameters: string[];
  server: Server;
  problems: Problems;
  /** Looks at the page with axe and expects no violation. */
  accessible: (page?: Page) => Promise<void>;
}

export const test = base.extend<Fixtures>({
  administrator: [true, { option: true }],
  parameters: [[], { option: true }],

  server: async ({ administrator, parameters }, use, info) => {
    const server = await Server.start({ parameters, ...(administrator ? { adminPassword: PASSWORD } : {}) });
    await use(server);
    if (info.status !== info.expectedStatus) await info.attach("server log", { body: server.log });
    await server.stop();
  },

  baseURL: async ({ server }, use) => use(server.url),

  problems: async ({}, use) => {
    const problems = new Problems();
    await use(problems);
    problems.check();
  },

  page: async ({ page, problems, javaScriptEnabled }, use) => {
    problems.watch(page, javaScriptEnabled ?? true);
    await use(page);
  },

  accessible: async ({ page }, use) => {
    await use(async (other) => {
      // Legacy mode: without another page for the sum, of which only frames from elsewhere would have any use. What
      // passes is not told.
      const scan = await new AxeBuilder({ page: other ?? page })
        .setLegacyMode()
        .options({ resultTypes: ["violations"] })
        .analyze();
      expect(scan.violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map((node) => node.html) }))).toEqual([]);
    });
  },
});

/** Opens a page and waits until it answers without the server. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

/** Waits until the scripts have taken the page over. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
}

/** Expects the page to fit: nothing scrolls sideways but what scrolls within itself. */
export async function fits(page: Page): Promise<void> {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  expect(scroll, `${page.url()} at ${client} px`).toBeLessThanOrEqual(client);
}
