#!/bin/bash
# helm: a chart is pushed, shown, pulled back, and deleted in the console. Needs Go; without it, it says so and passes.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/go_tool.sh

# A large program: compiling it takes minutes the first time.
go_tool "helm was" helm.sh/helm/v4/cmd/helm v4.3.1 900
export HELM_CACHE_HOME=$WORK/cache HELM_CONFIG_HOME=$WORK/config HELM_DATA_HOME=$WORK/data-home DOCKER_CONFIG=$WORK/docker
helm() { "$GO_TOOL" "$@"; }

start_registry
sign_in

say "Pushing a chart"
helm create "$WORK/whale" >/dev/null
helm package "$WORK/whale" --version 1.2.3+build.4 --destination "$WORK" >/dev/null
helm push --plain-http "$WORK/whale-1.2.3+build.4.tgz" "oci://$REGISTRY/charts" >/dev/null 2>"$WORK/push.log"
shows /repositories/charts/whale 1.2.3_build.4 || fail "the chart is not in the explorer"

say "Showing it and pulling it back"
helm show chart --plain-http "oci://$REGISTRY/charts/whale" --version 1.2.3+build.4 2>"$WORK/show.log" |
  grep -q '^name: whale' || fail "the chart can't be shown"
mkdir "$WORK/back"
helm pull --plain-http "oci://$REGISTRY/charts/whale" --version '~1.2' --destination "$WORK/back" >/dev/null 2>"$WORK/pull.log"
cmp "$WORK/whale-1.2.3+build.4.tgz" "$WORK/back/whale-1.2.3+build.4.tgz"
helm template --plain-http again "oci://$REGISTRY/charts/whale" --version 1.2.3+build.4 2>"$WORK/template.log" |
  grep -q 'kind: Deployment' || fail "the chart can't be rendered"

say "Deleted in the console, it can't be pulled"
delete_tag charts/whale 1.2.3_build.4
! helm pull --plain-http "oci://$REGISTRY/charts/whale" --version 1.2.3+build.4 --destination "$WORK/back" \
  2>"$WORK/deleted.log" || fail "the deleted chart can be pulled"
grep -qi 'not found\|manifest unknown' "$WORK/deleted.log" || fail "helm says: $(cat "$WORK/deleted.log")"
say "helm: all is well"
