// What a browser complains about while a test runs. At the end there must be nothing that the test has not expected.

import { expect, type Page } from "@playwright/test";

export class Problems {
  private readonly found: string[] = [];
  private readonly expected: RegExp[] = [];

  /** Listens to a page from its beginning. `scripts` says whether the browser runs scripts. */
  watch(page: Page, scripts: boolean): void {
    page.on("console", (message) => {
      // Without scripts what was loaded ahead for them is not used.
      if (!scripts && /was preloaded using link preload but not used/.test(message.text())) return;
      if (message.type() === "error" || message.type() === "warning") {
        this.found.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    page.on("pageerror", (error) => this.found.push(`page error: ${error.message}`));
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "";
      // Leaving a page ends what it was still loading; a browser without scripts loads none.
      const meant = reason === "net::ERR_ABORTED" || (!scripts && reason === "csp");
      if (!meant) this.found.push(`request failed: ${request.url()} ${reason}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) {
        this.found.push(`status ${response.status()}: ${response.request().method()} ${response.url()}`);
      }
    });
  }

  /** Lets problems whose text matches pass: those that the test itself provokes. */
  expect(...patterns: RegExp[]): void {
    this.expected.push(...patterns);
  }

  /** Fails if anything unexpected was found, or something expected never came. */
  check(): void {
    const left = this.found.filter((problem) => !this.expected.some((pattern) => pattern.test(problem)));
    expect(left, "what the browser complained about").toEqual([]);
    const missing = this.expected.filter((pattern) => !this.found.some((problem) => pattern.test(problem)));
    expect(missing.map(String), "what the test expected the browser to complain about").toEqual([]);
  }
}
