#!/bin/bash
# crane: pushes, lists, copies, validates and deletes images. Needs Go; without it, it says so and passes.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh
source lib/go_tool.sh

go_tool "crane was" github.com/google/go-containerregistry/cmd/crane v0.22.1
crane() { DOCKER_CONFIG=$WORK/docker "$GO_TOOL" --insecure "$@"; }

start_registry
sign_in
image=$REGISTRY/team/crane

say "Pushing from a layout, and looking at it"
make_layout "$WORK/layout"
digest=$(jq --raw-output \
  '.manifests[] | select(.annotations["org.opencontainers.image.ref.name"] == "multi").digest' "$WORK/layout/index.json")
jq --arg digest "$digest" '.manifests |= map(select(.digest == $digest))' "$WORK/layout/index.json" >"$WORK/one.json"
mv "$WORK/one.json" "$WORK/layout/index.json"
crane push --index "$WORK/layout" "$image:multi" >/dev/null 2>"$WORK/push.log"
crane validate --remote "$image:multi" >/dev/null 2>"$WORK/validate.log" || fail "the image is not whole"
crane manifest "$image:multi" | jq --exit-status '.manifests | length == 1' >/dev/null || fail "the index changed"

say "Tags, copies and catalog"
crane tag "$image:multi" again 2>"$WORK/tag.log"
crane copy "$image:again" "$REGISTRY/team/copy:1.0" >/dev/null 2>&1
[ "$(crane ls "$image" | sort | xargs)" = "again multi" ] || fail "the tags are $(crane ls "$image" | xargs)"
[ "$(crane catalog "$REGISTRY" | xargs)" = "team/copy team/crane" ] || fail "the catalog is $(crane catalog "$REGISTRY" | xargs)"
[ "$(crane digest "$image:multi")" = "$(crane digest "$REGISTRY/team/copy:1.0")" ] || fail "the copy differs"

say "Appending a layer, changing the configuration"
echo more >"$WORK/more"
tar -C "$WORK" -cf "$WORK/more.tar" more
crane append --new_layer "$WORK/more.tar" --new_tag "$image:appended" >/dev/null 2>&1
crane mutate --label made=by-crane --tag "$image:labelled" "$image:appended" >/dev/null 2>&1
crane config "$image:labelled" | jq --exit-status '.config.Labels.made == "by-crane"' >/dev/null || fail "no label"
crane pull --format oci "$image:labelled" "$WORK/pulled" >/dev/null
crane export "$image:labelled" - | tar -xOf - more | grep -qx more || fail "the layer's file is not in the image"

say "Deleting asks who it is"
! crane delete "$image:again" 2>"$WORK/anonymous.log" || fail "anyone can delete"
grep -qi 'unauthorized' "$WORK/anonymous.log" || fail "crane says: $(cat "$WORK/anonymous.log")"
crane auth login "$REGISTRY" --username "$ADMIN" --password "$ADMIN_PASSWORD" >/dev/null 2>&1
crane delete "$image:again"
[ "$(crane ls "$image" | sort | xargs)" = "appended labelled multi" ] || fail "the tags are $(crane ls "$image" | xargs)"
! crane manifest "$image:again" 2>"$WORK/deleted.log" || fail "the deleted tag is there"
grep -q MANIFEST_UNKNOWN "$WORK/deleted.log" || fail "crane says: $(cat "$WORK/deleted.log")"
say "crane: all is well"
