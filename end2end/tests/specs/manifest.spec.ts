// A manifest's page: the client that pulls, the parts behind tabs, what was attached.

import { expect, open, test } from "../support/test.ts";
import { pushArtifact, pushAttachment, pushImage, pushIndex } from "../support/push.ts";

const rows = "tbody > tr";

test("each client has its own command, and the choice stands in the address", async ({ page, server, accessible }) => {
  const image = await pushImage(server, "team/app", "1.0");
  await open(page, "/manifests/team/app?reference=1.0");
  await expect(page.getByText(`docker pull ${server.host}/team/app:1.0`)).toBeVisible();
  await page.getByRole("navigation", { name: "Client" }).getByRole("link", { name: "podman" }).click();
  await expect(page).toHaveURL(/client=podman/);
  await expect(page.getByText(`podman pull --tls-verify=false ${server.host}/team/app:1.0`)).toBeVisible();
  await expect(page.getByText(`podman pull --tls-verify=false ${server.host}/team/app@${image.digest}`)).toBeVisible();
  await page.getByRole("link", { name: "Build history" }).click();
  await expect(page).toHaveURL(/tab=build&client=podman/);
  await expect(page).toHaveTitle(/Build history · team\/app:1\.0/);
  await expect(page.getByText("COPY part-0 /")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("link", { name: "podman" })).toHaveAttribute("aria-current", "true");
  await accessible();
  await page.getByRole("link", { name: "Configuration" }).click();
  await expect(page.getByText("/app", { exact: true }).first()).toBeVisible();
  await accessible();
});

test("a chart is pulled by Helm, another artifact by ORAS", async ({ page, server }) => {
  await pushArtifact(server, "charts/hello", "0.1.0", "application/vnd.cncf.helm.config.v1+json");
  await open(page, "/manifests/charts/hello?reference=0.1.0");
  const command = `helm pull oci://${server.host}/charts/hello --version 0.1.0 --plain-http`;
  await expect(page.getByText(command)).toBeVisible();
  await expect(page.getByRole("link", { name: "docker" })).toHaveCount(0);
  await pushArtifact(server, "files/note", "1", "application/vnd.example.note");
  await open(page, "/manifests/files/note?reference=1");
  await expect(page.getByText(`oras pull --plain-http ${server.host}/files/note:1`)).toBeVisible();
});

test("a layer names the others that have it", async ({ page, server, accessible }) => {
  await pushImage(server, "team/app", "1.0", { layers: ["base", "one"] });
  await pushImage(server, "team/web", "2.0", { layers: ["base", "two"] });
  await open(page, "/manifests/team/app?reference=1.0");
  await page.locator(rows).first().getByText("1 repository").click();
  await accessible();
  await page.locator(rows).first().getByRole("link", { name: "team/web" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("team/web");
});

test("signatures, bills of materials and attestations are listed by kind", async ({ page, server, accessible }) => {
  const image = await pushImage(server, "team/app", "1.0");
  await pushAttachment(server, "team/app", image, "application/spdx+json");
  await pushAttachment(server, "team/app", image, "application/vnd.cncf.notary.signature");
  await open(page, "/manifests/team/app?reference=1.0&tab=attached");
  await expect(page.getByRole("heading", { name: "Signatures" })).toBeVisible();
  await expect(page.getByRole("table").first()).toContainText("Notation");
  await expect(page.getByRole("heading", { name: "Bills of materials (SBOM)" })).toBeVisible();
  await accessible();
  await page.locator(rows).first().getByRole("link").click();
  await expect(page.getByText("Speaks about")).toBeVisible();
});

test("an attestation in an index is no platform", async ({ page, server }) => {
  const statement = await pushImage(server, "team/app", "statement");
  await pushIndex(server, "team/app", "2.0", [{ os: "linux", architecture: "arm64" }], [statement]);
  await open(page, "/manifests/team/app?reference=2.0");
  await expect(page.locator(rows)).toHaveCount(1);
  await expect(page.locator(rows)).toContainText("linux/arm64");
  await page.getByRole("link", { name: /Attached/ }).click();
  await expect(page.getByRole("heading", { name: "Attestations" })).toBeVisible();
  await expect(page.locator(rows)).toContainText("linux/arm64");
});
