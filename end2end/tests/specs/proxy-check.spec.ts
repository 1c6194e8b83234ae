// The proxy check: what arrived, the probe, and configurations.

import { createServer, request, type Server as HttpServer } from "node:http";
import { type AddressInfo } from "node:net";

import { expect, fits, open, test } from "../support/test.ts";
import { signIn } from "../support/sign-in.ts";

/** A proxy that takes in whole bodies before it sends them on, and forgets the port; with a limit, in bytes. */
async function badProxy(port: string, limit: number): Promise<HttpServer> {
  const proxy = createServer((from, to) => {
    const chunks: Buffer[] = [];
    let size = 0;
    from.on("data", (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
    });
    from.on("end", () => {
      if (size > limit) {
        to.writeHead(413).end();
        return;
      }
      const headers = { ...from.headers, "x-forwarded-for": "192.168.1.22", "x-forwarded-host": "127.0.0.1" };
      const on = request({ port, host: "127.0.0.1", method: from.method, path: from.url, headers }, (answer) => {
        to.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(to);
      });
      on.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return proxy;
}

test("without a proxy there is nothing to mend", async ({ page, server, accessible }) => {
  await signIn(page, "/setup/proxy");
  await open(page, "/setup/proxy");
  const findings = page.getByRole("region", { name: "What is found" });
  await expect(findings).toContainText("No proxy shows itself");
  await expect(findings).toContainText("Pushes are sent on to the address that this page was opened at");
  await expect(page.getByText(`http://${server.host}/v2/team/app/blobs/uploads/`)).toBeVisible();
  await page.getByRole("button", { name: "Send the probe" }).click();
  await expect(page.getByText("32 MiB arrived. Bodies pass through as they come.")).toBeVisible({ timeout: 40_000 });
  await accessible();
});

test("a bad proxy is found out", async ({ page, server, problems }) => {
  const proxy = await badProxy(new URL(server.url).port, Number.MAX_SAFE_INTEGER);
  try {
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await signIn(page, "/setup/proxy");
    await open(page, `${url}/setup/proxy`);
    await expect(page.getByRole("region", { name: "What is found" })).toContainText("without the port");
    await expect(page.getByText("x-forwarded-for: 192.168.1.22")).toBeVisible();
    await page.getByRole("button", { name: "Send the probe" }).click();
    await expect(page.getByText("takes in whole bodies before it sends them on")).toBeVisible({ timeout: 40_000 });
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
  problems.check();
});

test("a limit on bodies is found out", async ({ page, server, problems }) => {
  problems.expect(/status 413/, /Failed to load resource/);
  const proxy = await badProxy(new URL(server.url).port, 1024 * 1024);
  try {
    await signIn(page, "/setup/proxy");
    await open(page, `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/setup/proxy`);
    await page.getByRole("button", { name: "Send the probe" }).click();
    await expect(page.getByText("The proxy refuses 2 MiB with the status 413")).toBeVisible();
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

test("configurations are there to copy, on a phone, too", async ({ page, accessible }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page, "/setup/proxy?address=registry.example.com");
  await page.getByText("nginx", { exact: true }).click();
  await expect(page.getByText("server_name registry.example.com;")).toBeVisible();
  await expect(page.getByText("Sign in as an administrator to send the probe.")).toBeVisible();
  await fits(page);
  await accessible();
});
