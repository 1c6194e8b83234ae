// Every page in every state, in both languages: what a screen reader is told, what axe finds, and whether it fits from a
// phone to a wide screen, in both themes.

import type { Page } from "@playwright/test";

import { ADMINISTRATION, enter, fill, outline, OWN, type Place, PUBLIC, type State } from "../support/pages.ts";
import type { Server } from "../support/server.ts";
import { expect, fits, open, test } from "../support/test.ts";

const STATES: State[] = ["empty", "one", "many"];

/** From the narrowest phone to a wide screen; axe looks at the first in the dark and at the second in the light. */
const WIDTHS = [
  { width: 320, colorScheme: "dark" },
  { width: 1280, colorScheme: "light" },
  { width: 1920, colorScheme: "light" },
] as const;

for (const locale of ["en", "zh-CN"]) {
  for (const state of STATES) {
    test.describe(`${state}, ${locale}`, () => {
      test.use({ locale });
      test.setTimeout(180_000);

      test("pages for everybody", async ({ page, server, accessible, problems }) => {
        // Where nothing is, the status says so, too.
        problems.expect(/status 404: GET/, /console error: Failed to load resource.*404/);
        await fill(server, state);
        for (const place of shown(PUBLIC, state)) await look(page, server, place, accessible);
      });

      test("pages for administrators", async ({ page, server, accessible }) => {
        await fill(server, state);
        await enter(page);
        for (const place of shown([...ADMINISTRATION, ...OWN], state)) await look(page, server, place, accessible);
      });
    });

    /** Of many the outline is that of one, over and over. */
    async function look(page: Page, server: Server, place: Place, accessible: () => Promise<void>) {
      await test.step(place.name, async () => {
        await open(page, place.path);
        await everyWidth(page, accessible);
        if (state !== "many") {
          expect(await outline(page, server)).toMatchSnapshot(`${place.name}-${state}-${locale}.yml`);
        }
      });
    }
  }
}

/** The pages that there are in this state. */
function shown(places: Place[], state: State): Place[] {
  return places.filter((place) => state !== "empty" || !place.images);
}

async function everyWidth(page: Page, accessible: () => Promise<void>): Promise<void> {
  for (const { width, colorScheme } of WIDTHS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await fits(page);
    if (width !== 1920) await accessible();
  }
}
