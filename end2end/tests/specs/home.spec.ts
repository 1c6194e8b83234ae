// The first page: what is there, what comes while it is open, and what only some may see.

import { pushImage, startUpload } from "../support/push.ts";
import { expect, open, test } from "../support/test.ts";
import { signIn } from "../support/sign-in.ts";

const region = (name: string) => ({ name, exact: true });

test("an empty registry says how to push, and shows the first push as it comes", async ({ page, server, accessible }) => {
  await open(page, "/");
  await expect(page.getByRole("region", region("Registry"))).toContainText(server.host);
  await expect(page.getByText(`docker push ${server.host}/my-image:latest`)).toBeVisible();
  await accessible();
  await pushImage(server, "team/app", "1.0");
  const pushes = page.getByRole("region", region("Last pushes"));
  await expect(pushes.getByRole("link", { name: "team/app:1.0" })).toBeVisible();
  await expect(page.getByRole("status")).toHaveText("team/app:1.0 was pushed");
  await accessible();
  await pushes.getByRole("link", { name: "team/app:1.0" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("team/app:1.0");
});

test("pushes survive, pulls are told, and a layer is watched while it comes in", async ({ page, server, accessible }) => {
  await pushImage(server, "team/app", "1.0");
  await pushImage(server, "team/app", "1.1", { layers: ["another layer"] });
  await open(page, "/");
  const pushes = page.getByRole("region", region("Last pushes"));
  await expect(pushes.getByRole("link")).toHaveText(["team/app:1.1", "team/app:1.0"]);

  const accept = "application/vnd.oci.image.manifest.v1+json";
  expect((await fetch(`${server.url}/v2/team/app/manifests/1.0`, { headers: { accept } })).status).toBe(200);
  const pulls = page.getByRole("region", region("Last pulls"));
  await expect(pulls.getByRole("link", { name: "team/app:1.0" })).toBeVisible();

  const upload = await startUpload(server, "team/app", 1000);
  upload.write("x".repeat(250));
  const uploads = page.getByRole("region", region("Uploads in progress"));
  await expect(uploads).toContainText("team/app");
  await expect(uploads).toContainText(/25\s?%/);
  await accessible();
  upload.write("x".repeat(750));
  expect(await upload.end()).toBe(202);
  await expect(uploads).toHaveCount(0);
});

test("the disk and what needs somebody are for administrators", async ({ page, server, accessible }) => {
  await pushImage(server, "team/app", "1.0");
  await open(page, "/");
  await expect(page.getByRole("region", region("Storage"))).toHaveCount(0);
  await signIn(page, "/");
  await expect(page.getByRole("region", region("Storage"))).toContainText(/free/);
  // What else there is to see to depends on the machine's disk.
  await expect(page.getByText("The private registry is disabled")).toHaveCount(0);
  await accessible();

  await open(page, "/manage/system-config");
  await page.getByLabel("Enable Private Registry").uncheck();
  await page.getByRole("button", { name: "Save configuration" }).click();
  await expect(page.getByText("Saved as version 1. It is in force.")).toBeVisible();
  await open(page, "/");
  const attention = page.getByRole("region", region("Needs attention"));
  await expect(attention).toContainText("The private registry is disabled");
  await accessible();
  await attention.getByRole("link", { name: "System Config" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("System Config");
});
