// Deletes a tag as an administrator does: in a browser, with scripts.
// node delete-tag.mjs <console's URL> <user name> <password> <repository> <tag>

import { chromium } from "@playwright/test";

const [url, userName, password, repository, tag] = process.argv.slice(2);

const browser = await chromium.launch({
  executablePath: process.env.HUMPBACK_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
});
try {
  const page = await browser.newPage({ locale: "en-US" });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });

  await page.goto(`${url}/sign-in`);
  await page.getByLabel("User name").fill(userName);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor({ state: "attached" });

  await page.goto(`${url}/repositories/${repository}`);
  const link = page.getByRole("link", { name: `Delete tag ${tag}`, exact: true });
  await link.click();
  await page.getByRole("button", { name: "Delete tag", exact: true }).click();
  // Both ways lead back to the list: the dialog that scripts open, and the page behind the link.
  await page.waitForURL((now) => now.pathname === `/repositories/${repository}`);
  await link.waitFor({ state: "detached" });
  if (complaints.length > 0) throw new Error(`the browser complains: ${complaints.join("; ")}`);
} finally {
  await browser.close();
}
