// The setup guide's help without scripts: visits, an error message, the proxy check.

import { expect, test } from "../support/test.ts";

test("the latest visits are listed, and one can look again", async ({ page, server }) => {
  await page.goto("/setup");
  await expect(page.getByRole("link", { name: "Look again" })).toBeVisible();
  await fetch(`${server.url}/v2/`, { headers: { "user-agent": "containerd/1.6.20~ds1" } });
  await page.getByRole("link", { name: "Look again" }).click();
  await expect(page.getByRole("list", { name: "Clients that came lately" })).toContainText("containerd 1.6.20~ds1");
});

test("a pasted message is explained", async ({ page }) => {
  await page.goto("/setup/troubleshooting");
  await page.getByLabel("Error message").fill("x509: cannot validate certificate for 192.0.2.2 because it doesn't contain any IP SANs");
  await page.getByRole("button", { name: "Explain" }).click();
  await expect(page.getByRole("main").getByRole("heading", { level: 2 }).first()).toHaveText("The certificate does not name the IP address");
});

test("the proxy check tells what arrived", async ({ page, server }) => {
  await page.goto("/setup");
  await page.getByRole("link", { name: "Proxy check" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Proxy check");
  // The browser has named the page that it came from: enough to compare with.
  await expect(page.getByRole("region", { name: "What is found" })).toContainText("Pushes are sent on to the address");
  await expect(page.getByText(`http://${server.host}/v2/team/app/blobs/uploads/`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Send the probe" })).toBeHidden();
});
