#!/bin/bash
# Distribution (registry:2) and this registry take turns on one folder: whatever one of them serves, the other serves
# byte for byte the same, in both directions and more than once.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh
source lib/snapshot.sh

command -v docker-registry >/dev/null || fail "docker-registry is not there: run '.ci/install test'"
export DOCKER_HOST=unix://$WORK/docker.sock DOCKER_CONFIG=$WORK/docker-config DOCKER_BUILDKIT=0
# The test deletes through the API, as Distribution lets anyone.
export HUMPBACK_ANONYMOUS_DELETE=true

cat >"$WORK/config.yml" <<CONFIG
version: 0.1
storage:
  filesystem:
    rootdirectory: $WORK/data
  delete:
    enabled: true
http:
  addr: 127.0.0.1:0
compatibility:
  schema1:
    enabled: true
CONFIG

# stop: ends what was started last, politely, and waits for it.
stop() {
  local pid=${PROCESSES[-1]}
  unset 'PROCESSES[-1]'
  kill "$pid"
  wait "$pid" || true
}

start_distribution() {
  docker-registry serve "$WORK/config.yml" >"$WORK/distribution.log" 2>&1 &
  started $!
  wait_for "Distribution serves" grep -q 'listening on 127' "$WORK/distribution.log"
  REGISTRY=$(sed -n 's/.*listening on \(127[0-9.:]*\).*/\1/p' "$WORK/distribution.log" | head -n 1)
  say "Distribution serves at $REGISTRY"
}

copy() { skopeo --insecure-policy copy --quiet "$@"; }

# build_and_push <tag> <content>: an image by docker itself.
build_and_push() {
  mkdir -p "$WORK/context"
  echo "$2" >"$WORK/context/file"
  printf '%s\n' 'FROM scratch' 'COPY file /file' >"$WORK/context/Dockerfile"
  docker build --tag "$REGISTRY/docker/app:$1" "$WORK/context" >"$WORK/build.log" 2>&1
  docker push --quiet "$REGISTRY/docker/app:$1"
}

# push_blob <repository> <file> [algorithm]: prints the digest.
push_blob() {
  local algorithm=${3:-sha256} digest location
  digest=$algorithm:$("${algorithm}sum" "$2" | cut -d ' ' -f 1)
  location=$(curl --silent --show-error --fail --output /dev/null --request POST --write-out '%header{location}' \
    "http://$REGISTRY/v2/$1/blobs/uploads/")
  [[ $location == *\?* ]] && location+="&" || location+="?"
  curl --silent --show-error --fail --output /dev/null --request PUT --data-binary "@$2" \
    --header 'Content-Type: application/octet-stream' "${location}digest=$digest"
  echo "$digest"
}

# put_manifest <repository> <reference> <media type>: from the standard input; prints the digest.
put_manifest() {
  curl --silent --show-error --fail --output /dev/null --request PUT --data-binary @- --header "Content-Type: $3" \
    --write-out '%header{docker-content-digest}' "http://$REGISTRY/v2/$1/manifests/$2"
}

# delete <path below /v2/>
delete() { curl --silent --show-error --fail --output /dev/null --request DELETE "http://$REGISTRY/v2/$1"; }

# raw_image <repository> <reference> <text>: an OCI image whose only layer is a text; prints the digest.
raw_image() {
  local config layer
  echo '{"architecture":"amd64","os":"linux"}' >"$WORK/config"
  echo "$3" >"$WORK/layer"
  config=$(push_blob "$1" "$WORK/config")
  layer=$(push_blob "$1" "$WORK/layer")
  jq --null-input --arg config "$config" --arg layer "$layer" --argjson size "$(wc -c <"$WORK/layer")" \
    '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: $config, size: 38},
      layers: [{mediaType: "application/vnd.oci.image.layer.v1.tar", digest: $layer, size: $size}]}' |
    put_manifest "$1" "$2" application/vnd.oci.image.manifest.v1+json
}

# compare <what> <snapshot> <snapshot>
compare() {
  diff --unified=0 "$2" "$3" >"$WORK/difference.log" || { cat "$WORK/difference.log" >&2; fail "$1"; }
  say "$1: the same, $(wc -l <"$2") lines"
}

dockerd --data-root "$WORK/docker" --exec-root "$WORK/exec" -H "unix://$WORK/docker.sock" -p "$WORK/docker.pid" \
  --iptables=false --bridge=none --storage-driver=vfs >"$WORK/dockerd.log" 2>&1 &
started $!
wait_for "the docker daemon answers" docker info
make_layout "$WORK/layout"

say "Distribution is filled by docker, skopeo and raw requests"
start_distribution
build_and_push 1.0 first
build_and_push moved first
build_and_push moved second
copy --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/skopeo/app:oci"
copy --all --dest-tls-verify=false "oci:$WORK/layout:multi" "docker://$REGISTRY/skopeo/app:index"
copy --format v2s2 --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/skopeo/app:v2s2"
copy --all --format v2s2 --dest-tls-verify=false "oci:$WORK/layout:multi" "docker://$REGISTRY/skopeo/app:list"
copy --format v2s1 --src-tls-verify=false --dest-tls-verify=false "docker://$REGISTRY/docker/app:1.0" \
  "docker://$REGISTRY/schema1/app:old"
subject=$(raw_image a/b/c/d/e/f.g_h-i deep "deep in folders")
raw_image raw/app untagged "without a tag" >/dev/null
raw_image raw/app deleted "deleted in Distribution" >"$WORK/deleted"
delete "raw/app/manifests/$(cat "$WORK/deleted")"
untagged=$(raw_image raw/app kept "reachable by digest")
raw_image raw/app kept "under the tag now" >/dev/null
jq --null-input --arg digest "$subject" '{schemaVersion: 2, manifests: [
  {mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $digest, size: 7}]}' |
  put_manifest a/b/c/d/e/f.g_h-i bare-index application/vnd.oci.image.index.v1+json >/dev/null
echo "named by sha512" >"$WORK/long"
long=$(push_blob raw/app "$WORK/long" sha512)
snapshot "$WORK/first" "raw/app manifests $untagged" "raw/app blobs $long"
stop

say "This registry serves it at once"
begun=$(date +%s%N)
start_registry
curl --silent --show-error --fail --output /dev/null "http://$REGISTRY/v2/skopeo/app/manifests/index"
say "The first tag was served $((($(date +%s%N) - begun) / 1000000)) ms after the start"
snapshot "$WORK/first-here" "raw/app manifests $untagged" "raw/app blobs $long"
compare "What Distribution served" "$WORK/first" "$WORK/first-here"
docker pull --quiet "$REGISTRY/docker/app:1.0"

say "Pushed, moved and deleted here"
build_and_push 2.0 third
build_and_push moved third
copy --all --dest-tls-verify=false "oci:$WORK/layout:multi" "docker://$REGISTRY/skopeo/new:index"
copy --format v2s1 --src-tls-verify=false --dest-tls-verify=false "docker://$REGISTRY/docker/app:1.0" \
  "docker://$REGISTRY/schema1/new:old"
raw_image raw/here fresh "pushed here" >/dev/null
gone=$(raw_image raw/here gone "deleted here")
delete "raw/here/manifests/$gone"
delete skopeo/app/manifests/v2s2
delete "raw/app/manifests/$untagged"
echo "also named by sha512" >"$WORK/here"
here=$(push_blob raw/here "$WORK/here" sha512)
jq --null-input --arg layer "$here" --arg config "$(push_blob raw/here "$WORK/config")" \
  '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: $config, size: 38},
    layers: [{mediaType: "application/vnd.oci.image.layer.v1.tar", digest: $layer, size: 21}]}' >"$WORK/manifest"
by_sha512=sha512:$(sha512sum "$WORK/manifest" | cut -d ' ' -f 1)
put_manifest raw/here "$by_sha512" application/vnd.oci.image.manifest.v1+json <"$WORK/manifest" >/dev/null
here=("raw/here blobs $here" "raw/here manifests $by_sha512" "raw/here manifests $gone" "raw/app manifests $untagged")
snapshot "$WORK/second-here" "${here[@]}"
stop

say "Distribution serves the new state"
start_distribution
snapshot "$WORK/second" "${here[@]}"
compare "What was done here" "$WORK/second-here" "$WORK/second"
docker pull --quiet "$REGISTRY/docker/app:2.0"
build_and_push moved fourth
raw_image raw/here gone "deleted here" >/dev/null
raw_image raw/back fresh "pushed to Distribution again" >/dev/null
delete "raw/here/manifests/$(curl --silent --show-error --fail --head --write-out '%header{docker-content-digest}' \
  --output /dev/null --header 'Accept: application/vnd.oci.image.manifest.v1+json' \
  "http://$REGISTRY/v2/raw/here/manifests/fresh")"
snapshot "$WORK/third" "${here[@]}"
stop

say "And this registry again"
start_registry
snapshot "$WORK/third-here" "${here[@]}"
compare "What Distribution did in between" "$WORK/third" "$WORK/third-here"
[ ! -e "$WORK/data/humpback/tree-problems.jsonl" ] || fail "problems: $(cat "$WORK/data/humpback/tree-problems.jsonl")"
stop
say "distribution: all is well"
