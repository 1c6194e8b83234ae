#!/bin/bash
# A registry with a certificate of a private authority, and machines that do not know it: real clients refuse, take the
# authority that the registry hands out by the setup guide's scripts, and pull. A second run changes nothing.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh
source lib/authority.sh
source lib/other-network.sh

other_machine setup-guide-tls
make_authority "$OUTSIDE"
export REGISTRY_HTTP_TLS_CERTIFICATE=$WORK/chain.pem REGISTRY_HTTP_TLS_KEY=$WORK/server.key
LISTEN=$OUTSIDE:0
SCHEME=https
start_registry
make_layout "$WORK/layout"
skopeo copy --quiet --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/team/app:1.0"

export REGISTRY CONSOLE WORK
for client in docker podman containerd kind system; do on_it lib/other-machine-tls.sh "$client"; done
say "setup-guide-tls: all is well"
