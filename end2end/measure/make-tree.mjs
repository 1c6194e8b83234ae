// Makes a folder as Distribution leaves it, with as many repositories and tags as one likes: each tag on an image of
// its own, of one small layer.
//
//   node make-tree.mjs <folder> [repositories] [tags of each]

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, repositories = "2000", tags = "25"] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node make-tree.mjs <folder> [repositories] [tags of each]");
  process.exit(2);
}
const root = join(folder, "docker/registry/v2");

function write(path, content) {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
}

function store(content) {
  const hex = createHash("sha256").update(content).digest("hex");
  write(join(root, "blobs/sha256", hex.slice(0, 2), hex, "data"), content);
  return { digest: `sha256:${hex}`, size: content.length, hex };
}

function link(path, { digest }) {
  write(join(root, "repositories", path, "link"), digest);
}

for (let number = 0; number < Number(repositories); number++) {
  const name = `team-${number % 50}/app-${number}`;
  const blob = (content) => {
    const stored = store(content);
    link(`${name}/_layers/sha256/${stored.hex}`, stored);
    return stored;
  };
  for (let version = 0; version < Number(tags); version++) {
    const config = blob(JSON.stringify({ architecture: "amd64", os: "linux", config: { Labels: { name, version } } }));
    const layer = blob(`the layer of version ${version}\n`);
    const described = (mediaType, { digest, size }) => ({ mediaType, digest, size });
    const manifest = store(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.docker.distribution.manifest.v2+json",
        config: described("application/vnd.docker.container.image.v1+json", config),
        layers: [described("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)],
      }),
    );
    link(`${name}/_manifests/revisions/sha256/${manifest.hex}`, manifest);
    link(`${name}/_manifests/tags/v${version}/index/sha256/${manifest.hex}`, manifest);
    link(`${name}/_manifests/tags/v${version}/current`, manifest);
  }
}
console.log(`${repositories} repositories with ${tags} tags each lie in ${folder}`);
