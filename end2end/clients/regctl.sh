#!/bin/bash
# regctl: copies images, attaches artifacts and lists them, deletes. Needs Go; without it, it says so and passes.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh
source lib/go_tool.sh

go_tool "regctl was" github.com/regclient/regclient/cmd/regctl v0.11.7
export REGCTL_CONFIG=$WORK/regctl.json DOCKER_CONFIG=$WORK/docker
regctl() { "$GO_TOOL" --verbosity error "$@"; }

start_registry
sign_in
regctl registry set --tls disabled "$REGISTRY"
image=$REGISTRY/team/regctl

say "Copying an image in, across and out again"
make_layout "$WORK/layout"
regctl image copy "ocidir://$WORK/layout:multi" "$image:multi" >/dev/null
regctl image copy "$image:multi" "$REGISTRY/team/copy:multi" >/dev/null
regctl image copy "$REGISTRY/team/copy:multi" "ocidir://$WORK/back:multi" >/dev/null
[ "$(regctl image digest "ocidir://$WORK/layout:multi")" = "$(regctl image digest "ocidir://$WORK/back:multi")" ] ||
  fail "the index came back changed"
[ "$(regctl repo ls "$REGISTRY" | xargs)" = "team/copy team/regctl" ] || fail "the catalog is $(regctl repo ls "$REGISTRY" | xargs)"

say "Attaching an artifact and finding it"
echo '{"bill":"of materials"}' | regctl artifact put --artifact-type application/vnd.example.sbom+json \
  --file-media-type application/json --subject "$image:multi" >/dev/null
echo signed | regctl artifact put --artifact-type application/vnd.example.signature --file-media-type text/plain \
  --subject "$image:multi" >/dev/null
list() { regctl artifact list --format '{{jsonPretty .}}' "$@" | jq --compact-output '[.descriptors[].artifactType] | sort'; }
[ "$(list "$image:multi")" = '["application/vnd.example.sbom+json","application/vnd.example.signature"]' ] ||
  fail "the referrers are $(list "$image:multi")"
[ "$(list --filter-artifact-type application/vnd.example.signature "$image:multi")" = '["application/vnd.example.signature"]' ] ||
  fail "the filter does not hold"
[ "$(regctl artifact get --subject "$image:multi" --filter-artifact-type application/vnd.example.signature)" = signed ] ||
  fail "the artifact's content changed"
[ "$(regctl tag ls "$image" | xargs)" = multi ] || fail "attaching left the tags $(regctl tag ls "$image" | xargs)"
regctl image copy --referrers "$image:multi" "$REGISTRY/team/whole:multi" >/dev/null
[ "$(list "$REGISTRY/team/whole:multi")" = "$(list "$image:multi")" ] || fail "the referrers were not copied"

say "Deleting"
regctl registry login --user "$ADMIN" --pass "$ADMIN_PASSWORD" "$REGISTRY" >/dev/null 2>&1
regctl tag delete "$REGISTRY/team/copy:multi"
! regctl manifest head "$REGISTRY/team/copy:multi" 2>"$WORK/deleted.log" || fail "the deleted tag is there"
regctl manifest delete "$image@$(regctl image digest "$image:multi")"
[ -z "$(regctl tag ls "$image" | xargs)" ] || fail "deleting the manifest left its tag"
say "regctl: all is well"
