#!/bin/bash
# buildah: an image from nothing and a list of two platforms, pushed in both forms, forgotten and pulled back.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh

buildah() { command buildah --root "$WORK/buildah" --runroot "$WORK/run" --storage-driver vfs "$@"; }

# make_image <architecture> <name>: an image with one layer, without running anything.
make_image() {
  local container
  container=$(buildah from --arch "$1" scratch)
  head -c 500000 /dev/urandom >"$WORK/file-$1"
  buildah copy --quiet "$container" "$WORK/file-$1" /file >/dev/null
  buildah config --arch "$1" --label "made=for-$1" "$container"
  buildah commit --quiet --rm "$container" "$2" >/dev/null
}

start_registry
sign_in
image=$REGISTRY/team/buildah

say "One image, in OCI's and in Docker's form"
make_image amd64 "$image:amd64"
id=$(buildah inspect --type image --format '{{.FromImageID}}' "$image:amd64")
buildah push --quiet --tls-verify=false --digestfile "$WORK/digest" "$image:amd64"
buildah push --quiet --tls-verify=false --format v2s2 "$image:amd64" "docker://$image:docker"
shows /repositories/team/buildah docker || fail "the tag is not in the explorer"
buildah rmi --all --force >/dev/null
buildah pull --quiet --tls-verify=false "$image@$(cat "$WORK/digest")" >/dev/null
[ "$(buildah inspect --type image --format '{{.FromImageID}}' "$image@$(cat "$WORK/digest")")" = "$id" ] ||
  fail "another image came back"
buildah pull --quiet --tls-verify=false "$image:docker" >/dev/null

say "A list of two platforms"
make_image amd64 "$image:one"
make_image arm64 "$image:two"
buildah manifest create "$image:both" >/dev/null
buildah manifest add "$image:both" "$image:one" >/dev/null
buildah manifest add "$image:both" "$image:two" >/dev/null
buildah manifest push --quiet --all --tls-verify=false "$image:both" "docker://$image:both" >/dev/null
shows "/manifests/team/buildah?reference=both" arm64 || fail "the platforms are not in the explorer"
buildah rmi --all --force >/dev/null
buildah pull --quiet --tls-verify=false --arch arm64 "$image:both" >/dev/null
[ "$(buildah inspect --type image --format '{{index .OCIv1.Config.Labels "made"}}' "$image:both")" = for-arm64 ] ||
  fail "another platform came back"

say "Deleted in the console, it can't be pulled"
delete_tag team/buildah docker
buildah rmi --all --force >/dev/null
! buildah pull --quiet --tls-verify=false "$image:docker" 2>"$WORK/deleted.log" || fail "the deleted tag can be pulled"
grep -q 'manifest unknown' "$WORK/deleted.log" || fail "buildah says: $(cat "$WORK/deleted.log")"
say "buildah: all is well"
