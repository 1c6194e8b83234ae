#!/bin/bash
# containerd with ctr: an image of two platforms goes in from a layout, is pushed, forgotten and fetched back, and
# unpacked for one platform.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh

ctr() { command ctr --address "$WORK/containerd.sock" --namespace humpback "$@"; }

start_containerd() {
  cat >"$WORK/containerd.toml" <<TOML
version = 2
root = "$WORK/containerd"
state = "$WORK/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$WORK/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$WORK/opt"
TOML
  containerd --config "$WORK/containerd.toml" >"$WORK/containerd.log" 2>&1 &
  started $!
  wait_for "containerd answers" ctr version
}

start_registry
start_containerd
sign_in
image=$REGISTRY/team/containerd:multi

say "Pushing an index of two platforms"
make_layout "$WORK/layout"
index=$(jq --raw-output \
  '.manifests[] | select(.annotations["org.opencontainers.image.ref.name"] == "multi").digest' "$WORK/layout/index.json")
tar -C "$WORK/layout" -cf "$WORK/layout.tar" oci-layout index.json blobs
ctr images import --no-unpack --all-platforms --base-name "${image%:*}" "$WORK/layout.tar" >/dev/null
ctr images push --plain-http "$image" >"$WORK/push.log"
shows "/manifests/team/containerd?reference=multi" arm64 || fail "the platforms are not in the explorer"

say "Pulling it back"
mapfile -t names < <(ctr images list --quiet)
ctr images remove --sync "${names[@]}" >/dev/null
[ -z "$(ctr content list --quiet)" ] || fail "containerd still has the content"
ctr content fetch --plain-http --all-platforms "$image" >"$WORK/fetch.log"
ctr content get "$index" | cmp - "$WORK/layout/blobs/sha256/${index#sha256:}" || fail "the index came back changed"
for file in "$WORK"/layout/blobs/sha256/*; do
  ctr content get "sha256:$(basename "$file")" | cmp - "$file" || fail "$(basename "$file") came back changed"
done
ctr images pull --plain-http --snapshotter native --platform linux/amd64 "$image" >"$WORK/pull.log"
ctr images check --snapshotter native | grep -F "$image" | grep -q complete || fail "the image is not complete"

say "Copied under another name by digest"
ctr images tag "$image" "$REGISTRY/team/copy:1.0" >/dev/null
ctr images push --plain-http "$REGISTRY/team/copy:1.0" >"$WORK/copy.log"
shows / team/copy || fail "the copy is not in the explorer"

say "Deleted in the console, it can't be pulled"
delete_tag team/containerd multi
! ctr images pull --plain-http --snapshotter native "$image" 2>"$WORK/deleted.log" || fail "the deleted tag can be pulled"
grep -q 'not found' "$WORK/deleted.log" || fail "ctr says: $(cat "$WORK/deleted.log")"
say "containerd: all is well"
