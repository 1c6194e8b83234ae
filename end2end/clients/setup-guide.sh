#!/bin/bash
# The setup guide's scripts on a machine that is not the registry's. Real clients refuse before, and pull after; a second
# run changes nothing.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh
source lib/other-network.sh

other_machine setup-guide
LISTEN=$OUTSIDE:0
start_registry
make_layout "$WORK/layout"
skopeo copy --quiet --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/team/app:1.0"

export REGISTRY CONSOLE WORK
for client in docker-daemon-json docker-variable podman containerd kind; do on_it lib/other-machine.sh "$client"; done
say "setup-guide: all is well"
