#!/bin/bash
# The same pushes, pulls, mounts and deletions to Distribution's registry and to ours: a receiver gets the same events,
# field by field. And what could not be delivered is delivered after a restart.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh

DISTRIBUTION=${DISTRIBUTION_BINARY:-docker-registry}
MANIFEST=application/vnd.docker.distribution.manifest.v2+json
LIST=application/vnd.docker.distribution.manifest.list.v2+json

# receiver <name>: starts a receiver that writes to $WORK/<name>.jsonl; its URL is then in $WORK/<name>.url.
receiver() {
  node lib/receiver.mjs "$WORK/$1.jsonl" >"$WORK/$1.url" 2>"$WORK/$1-receiver.log" &
  started $!
  wait_for "the receiver listens" grep -q http "$WORK/$1.url"
}

# free_port: a port that is free now.
free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }

# configure <name> <port>: the same configuration for both registries.
configure() {
  cat >"$WORK/$1.yml" <<YAML
version: 0.1
log: {level: error}
storage:
  filesystem: {rootdirectory: $WORK/$1-data}
  delete: {enabled: true}
http: {addr: 127.0.0.1:$2}
notifications:
  events: {includereferences: true}
  endpoints:
    - name: receiver
      url: $(cat "$WORK/$1.url")
      timeout: 2s
      threshold: 2
      backoff: 200ms
YAML
}

# serve <name> <command...>: starts a registry on its configuration; its process id is in PID.
serve() {
  local name=$1 port
  shift
  port=$(sed -n 's/.*addr: 127.0.0.1:\([0-9]*\).*/\1/p' "$WORK/$name.yml")
  "$@" serve "$WORK/$name.yml" >>"$WORK/$name.log" 2>&1 &
  PID=$!
  started $PID
  API=http://127.0.0.1:$port/v2
  wait_for "$name answers" curl --silent --fail "$API/"
}

call() { curl --silent --show-error --fail --output /dev/null "$@"; }

push_blob() {
  local location
  location=$(curl --silent --fail --request POST --dump-header - --output /dev/null "$API/$1/blobs/uploads/" |
    tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  case $location in *\?*) location+="&" ;; *) location+="?" ;; esac
  call --request PUT --header 'Content-Type: application/octet-stream' --data-binary "@$2" "${location}digest=$(digest "$2")"
}

digest() { printf 'sha256:%s' "$(sha256sum "$1" | cut -d ' ' -f 1)"; }

push_manifest() { call --request PUT --header "Content-Type: $2" --data-binary "@$3" "$API/$1"; }

# Everything that makes an event, and what does not.
work_through() {
  local blob
  push_blob team/app "$WORK/config"
  push_blob team/app "$WORK/layer"
  blob=$(digest "$WORK/layer")
  push_manifest team/app/manifests/v1 $MANIFEST "$WORK/manifest"
  push_manifest "team/app/manifests/$(digest "$WORK/manifest")" $MANIFEST "$WORK/manifest"
  push_manifest team/app/manifests/list $LIST "$WORK/list"
  call --header "Accept: $MANIFEST" "$API/team/app/manifests/v1"
  call --head --header "Accept: $MANIFEST" "$API/team/app/manifests/v1"
  call --header "Accept: $MANIFEST" "$API/team/app/manifests/$(digest "$WORK/manifest")"
  call --header "Accept: $MANIFEST" --header "If-None-Match: \"$(digest "$WORK/manifest")\"" \
    "$API/team/app/manifests/$(digest "$WORK/manifest")"
  call --header "Accept: $LIST" "$API/team/app/manifests/list"
  call "$API/team/app/blobs/$blob"
  call --head "$API/team/app/blobs/$blob"
  call --header 'Range: bytes=1-2' "$API/team/app/blobs/$blob"
  call --request POST "$API/other/app/blobs/uploads/?mount=$blob&from=team/app"
  call --request DELETE "$API/other/app/blobs/$blob"
  call --request DELETE "$API/team/app/manifests/$(digest "$WORK/manifest")"
  # Nothing of this is an event.
  call "$API/team/app/tags/list"
  call "$API/_catalog"
  ! call "$API/team/app/manifests/missing" 2>/dev/null || fail "what is not there was served"
}

count() { [ -e "$WORK/$1.jsonl" ] && [ "$(wc -l <"$WORK/$1.jsonl")" -ge "$2" ]; }

printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{}}' >"$WORK/config"
printf 'a layer' >"$WORK/layer"
jq --null-input --compact-output --arg type $MANIFEST --arg config "$(digest "$WORK/config")" \
  --argjson size "$(stat --format %s "$WORK/config")" --arg layer "$(digest "$WORK/layer")" \
  '{schemaVersion: 2, mediaType: $type,
    config: {mediaType: "application/vnd.docker.container.image.v1+json", size: $size, digest: $config},
    layers: [{mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", size: 7, digest: $layer}]}' \
  >"$WORK/manifest"
jq --null-input --compact-output --arg type $LIST --arg manifest_type $MANIFEST \
  --arg manifest "$(digest "$WORK/manifest")" --argjson size "$(stat --format %s "$WORK/manifest")" \
  '{schemaVersion: 2, mediaType: $type, manifests: [{mediaType: $manifest_type, size: $size, digest: $manifest,
    platform: {architecture: "amd64", os: "linux"}}]}' >"$WORK/list"

for name in distribution humpback; do
  receiver $name
  configure $name "$(free_port)"
done

say "Distribution's registry"
serve distribution "$DISTRIBUTION"
work_through
wait_for "its events have arrived" count distribution 16
say "Ours"
serve humpback "$HUMPBACK_BINARY"
work_through
wait_for "our events have arrived" count humpback 16
# Whatever is too much would come now.
sleep 1
node lib/compare-events.mjs "$WORK/distribution.jsonl" "$WORK/humpback.jsonl"

say "What happens while nobody receives is told after a restart"
address=$(cat "$WORK/humpback.url")
kill "${PROCESSES[1]}"
push_blob team/late "$WORK/layer"
kill -9 "$PID"
wait "$PID" 2>/dev/null || true
rm "$WORK/humpback.jsonl"
receiver humpback
sed -i "s|$address|$(cat "$WORK/humpback.url")|" "$WORK/humpback.yml"
serve humpback "$HUMPBACK_BINARY"
wait_for "the event arrives" count humpback 1
grep -q '"repository":"team/late"' "$WORK/humpback.jsonl" || fail "another event came: $(cat "$WORK/humpback.jsonl")"
say "notifications: all is well"
