# shellcheck shell=bash
# Another machine, for a client: a network namespace, from which the registry has another address than loopback. To be
# sourced after registry.sh. Sets OUTSIDE, the registry's address.

NAMESPACE=humpback-$$
OUTSIDE=10.231.$((RANDOM % 250)).1
INSIDE=${OUTSIDE%.1}.2

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

# other_machine <name>: makes it, or says that the script is skipped. Its files are the real paths, with folders of this
# test's own mounted over them by lib/machine.sh.
other_machine() {
  if [ "$(id -u)" -ne 0 ] || ! ip netns add "$NAMESPACE" 2>/dev/null; then
    say "$1: skipped, for network namespaces can't be made here"
    exit 0
  fi
  trap leave EXIT
  ip link add "hb$$" type veth peer name inside netns "$NAMESPACE"
  ip address add "$OUTSIDE/24" dev "hb$$"
  ip link set "hb$$" up
  ip -n "$NAMESPACE" address add "$INSIDE/24" dev inside
  ip -n "$NAMESPACE" link set inside up
  ip -n "$NAMESPACE" link set lo up

  local folder
  for folder in docker containers containerd sysconfig buildkit ssl; do
    mkdir -p "/etc/$folder" "$WORK/etc/$folder"
    cp -a "/etc/$folder/." "$WORK/etc/$folder/"
  done
  rm -rf "$WORK/etc/docker/daemon.json" "$WORK/etc/docker/certs.d"
}

# on_it <script> <client>: runs one client there. Not `ip netns exec`: it mounts /sys anew, and docker misses its control
# groups there.
on_it() {
  say "On the other machine: $2"
  nsenter --net="/run/netns/$NAMESPACE" unshare --mount --propagation private bash -euo pipefail "$1" "$2"
}
