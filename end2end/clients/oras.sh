#!/bin/bash
# oras: files as artifacts, attached and discovered, copied with what refers to them. Needs Go; without it, it says
# so and passes.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/go_tool.sh

go_tool "oras was" oras.land/oras/cmd/oras v1.3.6
export DOCKER_CONFIG=$WORK/docker
oras() { (cd "$WORK/files" && "$GO_TOOL" "$@"); }

start_registry
sign_in
artifact=$REGISTRY/team/oras
mkdir "$WORK/files" "$WORK/back"
echo hello >"$WORK/files/hello.txt"
head -c 3000000 /dev/urandom >"$WORK/files/data.bin"
echo '{"spdxVersion":"SPDX-2.3"}' >"$WORK/files/sbom.json"

say "Pushing and pulling files"
oras push --plain-http --artifact-type application/vnd.example.files "$artifact:1.0,latest" \
  hello.txt:text/plain data.bin:application/octet-stream >/dev/null
oras pull --plain-http --output "$WORK/back" "$artifact:latest" >/dev/null
cmp "$WORK/files/data.bin" "$WORK/back/data.bin"
cmp "$WORK/files/hello.txt" "$WORK/back/hello.txt"
[ "$(oras repo tags --plain-http "$artifact" | xargs)" = "1.0 latest" ] || fail "the tags are wrong"
[ "$(oras repo ls --plain-http "$REGISTRY" | xargs)" = "team/oras" ] || fail "the catalog is wrong"

say "Attaching an artifact and discovering it"
oras attach --plain-http --artifact-type application/spdx+json "$artifact:1.0" sbom.json:application/spdx+json >/dev/null
oras attach --plain-http --artifact-type application/vnd.example.note "$artifact:1.0" --annotation note=kept >/dev/null
types() { oras discover --plain-http --format json "$@" | jq --compact-output '[(.referrers // .manifests)[].artifactType] | sort'; }
[ "$(types "$artifact:1.0")" = '["application/spdx+json","application/vnd.example.note"]' ] ||
  fail "the referrers are $(types "$artifact:1.0")"
[ "$(types --artifact-type application/spdx+json "$artifact:1.0")" = '["application/spdx+json"]' ] || fail "no filter"
[ "$(oras repo tags --plain-http "$artifact" | xargs)" = "1.0 latest" ] || fail "attaching made a tag"

say "Copying with what refers to it"
oras copy --from-plain-http --to-plain-http --recursive "$artifact:1.0" "$REGISTRY/team/copy:1.0" >/dev/null
[ "$(types "$REGISTRY/team/copy:1.0")" = "$(types "$artifact:1.0")" ] || fail "the referrers were not copied"

say "A blob and a manifest by hand"
digest=$(oras blob push --plain-http --descriptor "$artifact" hello.txt | jq --raw-output .digest)
[ "$(oras blob fetch --plain-http --output - "$artifact@$digest")" = hello ] || fail "the blob changed"

say "Deleting"
oras login --plain-http --username "$ADMIN" --password-stdin "$REGISTRY" <<<"$ADMIN_PASSWORD" >/dev/null 2>&1
oras manifest delete --plain-http --force "$REGISTRY/team/copy:1.0" >/dev/null
! oras manifest fetch --plain-http "$REGISTRY/team/copy:1.0" 2>"$WORK/deleted.log" || fail "the deleted manifest is there"
grep -qi 'not found' "$WORK/deleted.log" || fail "oras says: $(cat "$WORK/deleted.log")"
say "oras: all is well"
