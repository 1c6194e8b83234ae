#!/bin/bash
# The setup guide's scripts on a machine that is not the registry's: a network namespace, from which the registry has
# another address than loopback. Real clients refuse before, and pull after; a second run changes nothing.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh

NAMESPACE=humpback-$$
OUTSIDE=10.231.$((RANDOM % 250)).1
INSIDE=${OUTSIDE%.1}.2

if [ "$(id -u)" -ne 0 ] || ! ip netns add "$NAMESPACE" 2>/dev/null; then
  say "setup-guide: skipped, for network namespaces can't be made here"
  exit 0
fi

leave() {
  local status=$?
  trap - EXIT
  set +e
  ip netns delete "$NAMESPACE" 2>/dev/null || true
  ip link delete "hb$$" 2>/dev/null || true
  # As at the end of any client: what `finish` sees is how this one ended.
  (exit "$status")
  finish
}
trap leave EXIT

ip link add "hb$$" type veth peer name inside netns "$NAMESPACE"
ip address add "$OUTSIDE/24" dev "hb$$"
ip link set "hb$$" up
ip -n "$NAMESPACE" address add "$INSIDE/24" dev inside
ip -n "$NAMESPACE" link set inside up
ip -n "$NAMESPACE" link set lo up

LISTEN=$OUTSIDE:0
start_registry
make_layout "$WORK/layout"
skopeo copy --quiet --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/team/app:1.0"

# The machine's files: the real paths, with folders of this test's own mounted over them.
for folder in docker containers containerd sysconfig; do
  mkdir -p "/etc/$folder" "$WORK/etc/$folder"
  cp -a "/etc/$folder/." "$WORK/etc/$folder/"
done
rm -rf "$WORK/etc/docker/daemon.json" "$WORK/etc/docker/certs.d"

export REGISTRY CONSOLE WORK
for client in docker-daemon-json docker-variable podman containerd; do
  say "On the other machine: $client"
  # Not `ip netns exec`: it mounts /sys anew, and docker misses its control groups there.
  nsenter --net="/run/netns/$NAMESPACE" unshare --mount --propagation private \
    bash -euo pipefail lib/other-machine.sh "$client"
done
say "setup-guide: all is well"
