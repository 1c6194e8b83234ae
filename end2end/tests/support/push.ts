// Pushes images as a client does: blobs, a config, a manifest, over the distribution API.

import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";

/** Where it is pushed to. */
export interface Target {
  /** The registry's address, without a slash at its end. */
  url: string;
}

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

export interface Platform {
  os: string;
  architecture: string;
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";

/** Pushes a one-layer image under `tag` and gives its manifest's descriptor. `seed` makes its layer its own. */
export async function pushImage(
  server: Target,
  repository: string,
  tag: string,
  options: { platform?: Platform; layers?: (string | Buffer)[]; labels?: Record<string, string> } = {},
): Promise<Descriptor> {
  const layers = [];
  for (const layer of options.layers ?? [randomBytes(64)]) {
    layers.push(await pushBlob(server, repository, Buffer.from(layer), "application/vnd.oci.image.layer.v1.tar"));
  }
  const config = {
    created: "2026-01-02T03:04:05Z",
    ...(options.platform ?? { os: "linux", architecture: "amd64" }),
    config: { Env: ["PATH=/bin"], Entrypoint: ["/app"], Cmd: ["--serve"], Labels: options.labels ?? {} },
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.digest) },
    history: layers.map((_, at) => ({ created: "2026-01-02T03:04:05Z", created_by: `COPY part-${at} /` })),
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: await pushBlob(
      server,
      repository,
      Buffer.from(JSON.stringify(config)),
      "application/vnd.oci.image.config.v1+json",
    ),
    layers,
  };
  return pushManifest(server, repository, tag, MANIFEST, manifest);
}

/** Pushes a file under `tag` as an artifact whose config is of that type. */
export async function pushArtifact(server: Target, repository: string, tag: string, type: string) {
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: await pushBlob(server, repository, Buffer.from("{}"), type),
    layers: [await pushBlob(server, repository, randomBytes(64), "application/octet-stream")],
  };
  return pushManifest(server, repository, tag, MANIFEST, manifest);
}

/** Attaches something of that type to `subject`. */
export async function pushAttachment(server: Target, repository: string, subject: Descriptor, artifactType: string) {
  const empty = await pushBlob(server, repository, Buffer.from("{}"), "application/vnd.oci.empty.v1+json");
  const manifest = { schemaVersion: 2, mediaType: MANIFEST, artifactType, config: empty, layers: [empty], subject };
  const digest = `sha256:${createHash("sha256").update(JSON.stringify(manifest)).digest("hex")}`;
  return pushManifest(server, repository, digest, MANIFEST, manifest);
}

/**
 * Pushes an image for each platform and an index of them under `tag`. The `attestations` are listed as BuildKit lists
 * its own, about the first image.
 */
export async function pushIndex(
  server: Target,
  repository: string,
  tag: string,
  platforms: Platform[],
  attestations: Descriptor[] = [],
) {
  const manifests: object[] = [];
  for (const platform of platforms) {
    const image = await pushImage(server, repository, `${tag}-${platform.architecture}`, { platform });
    manifests.push({ ...image, platform });
    for (const attestation of attestations.splice(0)) {
      const annotations = {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": image.digest,
      };
      manifests.push({ ...attestation, platform: { os: "unknown", architecture: "unknown" }, annotations });
    }
  }
  return pushManifest(server, repository, tag, INDEX, { schemaVersion: 2, mediaType: INDEX, manifests });
}

/** Asks for a manifest and gives the status, the digest and, for an error, the specification's code. */
export async function pullManifest(server: Target, repository: string, reference: string) {
  const answer = await fetch(`${server.url}/v2/${repository}/manifests/${reference}`, {
    headers: { accept: `${MANIFEST}, ${INDEX}` },
  });
  const body = (await answer.json()) as { errors?: { code: string; message: string }[] };
  return { status: answer.status, digest: answer.headers.get("docker-content-digest"), error: body.errors?.[0] };
}

async function pushBlob(server: Target, repository: string, content: Buffer, mediaType: string): Promise<Descriptor> {
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  const start = await fetch(`${server.url}/v2/${repository}/blobs/uploads/`, { method: "POST" });
  await expectStatus(start, 202);
  const location = new URL(start.headers.get("location") ?? "", server.url);
  location.searchParams.set("digest", digest);
  const headers = { "content-type": "application/octet-stream" };
  await expectStatus(await fetch(location, { method: "PUT", body: new Uint8Array(content), headers }), 201);
  return { mediaType, digest, size: content.length };
}

async function pushManifest(
  server: Target,
  repository: string,
  tag: string,
  mediaType: string,
  manifest: unknown,
): Promise<Descriptor> {
  const body = JSON.stringify(manifest);
  const answer = await fetch(`${server.url}/v2/${repository}/manifests/${tag}`, {
    method: "PUT",
    headers: { "content-type": mediaType },
    body,
  });
  await expectStatus(answer, 201);
  const digest = answer.headers.get("docker-content-digest");
  if (digest === null) throw new Error("the registry has not told the manifest's digest");
  return { mediaType, digest, size: Buffer.byteLength(body) };
}

async function expectStatus(answer: Response, status: number): Promise<void> {
  if (answer.status !== status) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
}

/** A layer that comes in piece by piece. */
export interface SlowUpload {
  write(piece: string): void;
  /** Waits for the answer; its status. */
  end(): Promise<number>;
}

/** Opens an upload and begins a chunk of `bytes` bytes, which is over once that many are written. */
export async function startUpload(server: Target, repository: string, bytes: number): Promise<SlowUpload> {
  const opened = await fetch(`${server.url}/v2/${repository}/blobs/uploads/`, { method: "POST" });
  if (opened.status !== 202) throw new Error(`opening an upload: ${opened.status}`);
  const location = new URL(opened.headers.get("location") ?? "", server.url);
  const sending = request(location, { method: "PATCH", headers: { "content-length": bytes } });
  sending.flushHeaders();
  const answered = new Promise<number>((resolve, reject) => {
    sending.on("error", reject);
    sending.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });
  return {
    write: (piece) => void sending.write(piece),
    end: async () => {
      sending.end();
      return answered;
    },
  };
}
