// The README's pictures: npx playwright test --project screenshots readme

import path from "node:path";

import { pushAttachment, pushImage, pushIndex } from "../support/push.ts";
import { signIn } from "../support/sign-in.ts";
import { open, test } from "../support/test.ts";

const folder = path.resolve(import.meta.dirname, "../../screenshots");

test.use({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });

test("pictures", async ({ page, server }) => {
  const layer = (size: number, seed: string) => seed.repeat(Math.ceil(size / seed.length)).slice(0, size);
  const base = layer(3_400_000, "a base that many share ");
  const labels = {
    "org.opencontainers.image.source": "https://git.example.com/shop/api",
    "org.opencontainers.image.version": "2.4.1",
  };
  for (const name of ["platform/base", "platform/postgres", "platform/redis", "shop/web", "shop/worker", "tools/ci-runner"]) {
    for (const tag of ["1.0", "1.1", "latest"]) {
      await pushImage(server, name, tag, { layers: [base, layer(90_000 + name.length * 40_000, `${name} ${tag} `)] });
    }
  }
  const image = await pushImage(server, "shop/api", "2.4.1", {
    layers: [base, layer(1_900_000, "libraries "), layer(420_000, "the program ")],
    labels,
    platform: { os: "linux", architecture: "amd64" },
  });
  await pushAttachment(server, "shop/api", image, "application/vnd.dev.cosign.artifact.sig.v1+json");
  await pushAttachment(server, "shop/api", image, "application/spdx+json");
  await pushIndex(server, "shop/api", "latest", [
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "arm64" },
  ]);
  const pull = async (repository: string, tag: string, agent: string) => {
    const accept = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";
    const answer = await fetch(`${server.url}/v2/${repository}/manifests/${tag}`, {
      headers: { accept, "user-agent": agent },
    });
    await answer.arrayBuffer();
  };
  await pull("shop/web", "latest", "docker/28.3.3 go/go1.24.5 git-commit/bea959c kernel/6.8.0 os/linux arch/amd64");
  await pull("shop/api", "2.4.1", "containerd/v2.1.3");
  await pull("platform/postgres", "1.1", "docker/1.13.1 go/go1.8 kernel/3.10.0 os/linux arch/amd64");

  await signIn(page, "/");
  const take = async (name: string, address: string) => {
    await open(page, address);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  };
  await take("home", "/");
  await take("repositories", "/repositories?view=flat");
  await page.emulateMedia({ colorScheme: "dark" });
  await take("manifest", "/manifests/shop/api?reference=2.4.1");
  await page.emulateMedia({ colorScheme: "light" });
  await take("setup", "/setup?target=ubuntu&address=192.168.1.10%3A5000");
});
