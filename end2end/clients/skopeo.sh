#!/bin/bash
# skopeo: images in OCI's and in Docker's forms, for one platform and for several, there and back without a change.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh

copy() { skopeo --insecure-policy copy --quiet "$@"; }
inspect() { skopeo inspect --tls-verify=false "$@"; }

# skopeo sends a name and password only where GET /v2/ has asked for them, and this registry is open.
export HUMPBACK_ANONYMOUS_DELETE=true
start_registry
sign_in
make_layout "$WORK/layout"
digest_of() { jq --raw-output --arg tag "$1" \
  '.manifests[] | select(.annotations["org.opencontainers.image.ref.name"] == $tag).digest' "$2/index.json"; }

say "One platform, OCI"
copy --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/team/app:single"
copy --src-tls-verify=false "docker://$REGISTRY/team/app:single" "oci:$WORK/back:single"
[ "$(digest_of single "$WORK/layout")" = "$(digest_of single "$WORK/back")" ] || fail "the manifest came back changed"
(cd "$WORK/back/blobs/sha256" && for blob in *; do echo "$blob  $blob"; done | sha256sum --check --quiet)

say "Two platforms, OCI index"
copy --all --dest-tls-verify=false "oci:$WORK/layout:multi" "docker://$REGISTRY/team/app:multi"
inspect --raw "docker://$REGISTRY/team/app:multi" >"$WORK/index.json"
[ "sha256:$(sha256sum <"$WORK/index.json" | cut -d ' ' -f 1)" = "$(digest_of multi "$WORK/layout")" ] ||
  fail "the index came back changed"
copy --all --src-tls-verify=false "docker://$REGISTRY/team/app:multi" "oci:$WORK/back:multi"

say "Docker's form: schema 2 and a manifest list"
copy --format v2s2 --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/team/app:v2s2"
inspect --raw "docker://$REGISTRY/team/app:v2s2" | jq --exit-status \
  '.mediaType == "application/vnd.docker.distribution.manifest.v2+json"' >/dev/null
copy --all --format v2s2 --dest-tls-verify=false "oci:$WORK/layout:multi" "docker://$REGISTRY/team/app:list"
inspect --raw "docker://$REGISTRY/team/app:list" | jq --exit-status \
  '.mediaType == "application/vnd.docker.distribution.manifest.list.v2+json"' >/dev/null
copy --src-tls-verify=false "docker://$REGISTRY/team/app:v2s2" "dir:$WORK/v2s2"

say "Docker's form before 1.10: schema 1, signed"
copy --format v2s1 --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/team/old:v2s1"
inspect --raw "docker://$REGISTRY/team/old:v2s1" >"$WORK/v2s1.json"
jq --exit-status '.schemaVersion == 1 and (.signatures | length) == 1' "$WORK/v2s1.json" >/dev/null ||
  fail "the manifest is not schema 1: $(cat "$WORK/v2s1.json")"
copy --src-tls-verify=false "docker://$REGISTRY/team/old:v2s1" "dir:$WORK/v2s1"
for layer in $(jq --raw-output '.fsLayers[].blobSum | ltrimstr("sha256:")' "$WORK/v2s1.json"); do
  echo "$layer  $WORK/v2s1/$layer" | sha256sum --check --quiet
done
shows "/manifests/team/old?reference=v2s1" "COPY layer 2" || fail "the explorer does not show the schema 1 image"

say "From schema 1 to the newer forms, and converted by tag for who asks in no newer one"
copy --format oci --src-tls-verify=false --dest-tls-verify=false \
  "docker://$REGISTRY/team/old:v2s1" "docker://$REGISTRY/team/old:oci"
copy --format v2s2 --src-tls-verify=false --dest-tls-verify=false \
  "docker://$REGISTRY/team/old:v2s1" "docker://$REGISTRY/team/old:v2s2"
for tag in oci v2s2; do
  # An empty Accept leaves the header out.
  curl --silent --show-error --fail --header 'Accept:' "http://$REGISTRY/v2/team/old/manifests/$tag" >"$WORK/converted.json"
  jq --exit-status --slurpfile pushed "$WORK/v2s1.json" \
    '.schemaVersion == 1 and (.signatures | length) == 1 and .fsLayers == $pushed[0].fsLayers' "$WORK/converted.json" \
    >/dev/null || fail "$tag was converted to $(cat "$WORK/converted.json")"
  copy --src-tls-verify=false "docker://$REGISTRY/team/old:$tag" "dir:$WORK/old-$tag"
done

say "Deleted by skopeo"
skopeo delete --tls-verify=false "docker://$REGISTRY/team/old:v2s1"
! inspect --raw "docker://$REGISTRY/team/old:v2s1" 2>"$WORK/deleted-v2s1.log" || fail "the deleted image is there"
for tag in oci v2s2; do inspect --raw "docker://$REGISTRY/team/old:$tag" >/dev/null; done

say "From repository to repository, and a list of tags"
copy --all --src-tls-verify=false --dest-tls-verify=false \
  "docker://$REGISTRY/team/app:multi" "docker://$REGISTRY/team/copy:multi"
tags=$(skopeo list-tags --tls-verify=false "docker://$REGISTRY/team/app" | jq --compact-output .Tags)
[ "$tags" = '["list","multi","single","v2s2"]' ] || fail "the tags are $tags"
shows / team/copy || fail "the copy is not in the explorer"
shows "/manifests/team/app?reference=multi" arm64 || fail "the platforms are not in the explorer"

say "Deleted in the console, it is unknown"
delete_tag team/app single
! inspect "docker://$REGISTRY/team/app:single" 2>"$WORK/deleted.log" || fail "the deleted tag is there"
grep -q 'manifest unknown' "$WORK/deleted.log" || fail "skopeo says: $(cat "$WORK/deleted.log")"
copy --src-tls-verify=false "docker://$REGISTRY/team/app:v2s2" "dir:$WORK/still"
say "skopeo: all is well"
