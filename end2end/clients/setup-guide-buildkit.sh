#!/bin/bash
# buildkitd on a machine that does not know the registry: refuses, is set up by the setup guide's script, and builds from
# and into it; over plain HTTP and with a private authority. Needs Go, for no distribution has buildkitd; without it, it
# says so and passes.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh
source lib/authority.sh
source lib/go_tool.sh
source lib/other-network.sh

command -v runc >/dev/null || skip "buildkitd was not run: there is no runc here"
go_tool "buildkitd was" github.com/moby/buildkit/cmd/buildkitd v0.34.2 420
BUILDKITD=$GO_TOOL
go_tool "buildkitd was" github.com/moby/buildkit/cmd/buildctl v0.34.2 420
BUILDCTL=$GO_TOOL

other_machine setup-guide-buildkit
LISTEN=$OUTSIDE:0
make_layout "$WORK/layout"
export REGISTRY CONSOLE WORK BUILDKITD BUILDCTL TRUST REFUSAL

TRUST=http
REFUSAL='HTTP response to HTTPS client'
start_registry
skopeo copy --quiet --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/team/app:1.0"
on_it lib/other-machine-buildkit.sh "buildkitd, plain HTTP"

TRUST=ca
REFUSAL='certificate signed by unknown authority'
make_authority "$OUTSIDE"
export REGISTRY_HTTP_TLS_CERTIFICATE=$WORK/chain.pem REGISTRY_HTTP_TLS_KEY=$WORK/server.key
SCHEME=https
rm "$WORK/registry.out"
mv "$WORK/data" "$WORK/plain"
start_registry
skopeo copy --quiet --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/team/app:1.0"
on_it lib/other-machine-buildkit.sh "buildkitd, private authority"
say "setup-guide-buildkit: all is well"
