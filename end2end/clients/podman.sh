#!/bin/bash
# podman: builds, pushes, forgets, pulls back; deleted in the console, the image can't be pulled any more.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh

podman() {
  command podman --root "$WORK/podman" --runroot "$WORK/run" --tmpdir "$WORK/tmp" --storage-driver vfs \
    --cgroup-manager cgroupfs --events-backend file "$@"
}

start_registry
sign_in

say "Building an image with two layers"
mkdir "$WORK/context"
echo hello >"$WORK/context/one"
head -c 2000000 /dev/urandom >"$WORK/context/two"
printf '%s\n' 'FROM scratch' 'COPY one /one' 'COPY two /two' >"$WORK/context/Containerfile"
image=$REGISTRY/team/podman
podman build --layers --tag "$image:1.0" "$WORK/context" >"$WORK/build.log" 2>&1
id=$(podman image inspect --format '{{.Id}}' "$image:1.0")

say "Pushing it, in OCI's and in Docker's form"
podman push --quiet --tls-verify=false "$image:1.0"
podman push --quiet --tls-verify=false --format v2s2 "$image:1.0" "$image:docker"
shows /repositories/team/podman docker || fail "the tag is not in the explorer"

say "Pulling it back"
podman image rm --force "$id" >/dev/null
! podman image exists "$image:1.0" || fail "podman still has the image"
podman pull --quiet --tls-verify=false "$image:1.0"
[ "$(podman image inspect --format '{{.Id}}' "$image:1.0")" = "$id" ] || fail "another image came back"
podman image rm --force "$id" >/dev/null
podman pull --quiet --tls-verify=false "$image:docker"

say "Deleted in the console, it can't be pulled"
delete_tag team/podman 1.0
! podman pull --quiet --tls-verify=false "$image:1.0" 2>"$WORK/deleted.log" || fail "the deleted tag can be pulled"
grep -q 'manifest unknown' "$WORK/deleted.log" || fail "podman says: $(cat "$WORK/deleted.log")"

say "The next push succeeds"
podman tag "$image:docker" "$image:1.0"
podman push --quiet --tls-verify=false "$image:1.0"
podman image rm --force --all >/dev/null
podman pull --quiet --tls-verify=false "$image:1.0"
say "podman: all is well"
