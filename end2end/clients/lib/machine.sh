# shellcheck shell=bash
# A machine with its own files, inside of the network namespace. To be sourced. TRUST and REFUSAL say how the registry is
# trusted, and what a client says that does not.
# shellcheck disable=SC2034 # those who source this use the rest

for folder in docker containers containerd sysconfig buildkit ssl; do mount --bind "$WORK/etc/$folder" "/etc/$folder"; done

IMAGE=$REGISTRY/team/app:1.0
export DOCKER_HOST=unix://$WORK/docker.sock DOCKER_CONFIG=$WORK/docker-config
mkdir -p "$WORK/bin" "$DOCKER_CONFIG"
echo '{}' >"$DOCKER_CONFIG/config.json"
PATH=$WORK/bin:$PATH

say() { printf -- '--- %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# systemctl for a machine without systemd: starts, restarts and reloads the one daemon that it has, by the same unit.
cat >"$WORK/bin/systemctl" <<'END'
#!/bin/bash
set -u
stop() {
  [ -e "$WORK/dockerd.pid" ] || return 0
  pid=$(cat "$WORK/dockerd.pid")
  kill "$pid" 2>/dev/null
  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  rm -f "$WORK/dockerd.pid"
}
start() {
  INSECURE_REGISTRY=
  [ ! -e /etc/sysconfig/docker ] || . /etc/sysconfig/docker
  # shellcheck disable=SC2086 # one word a flag, as systemd splits it
  dockerd --data-root "$WORK/docker" --exec-root "$WORK/exec" -H "$DOCKER_HOST" -p "$WORK/dockerd.pid" \
    --iptables=false --ip6tables=false --bridge=none --storage-driver=vfs $INSECURE_REGISTRY >>"$WORK/dockerd.log" 2>&1 &
  for _ in $(seq 100); do
    docker info >/dev/null 2>&1 && return 0
    kill -0 $! 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}
case "$*" in
  "cat docker") printf '# %s\n' "$WORK/docker.service"; cat "$WORK/docker.service" ;;
  "start docker") start ;;
  "stop docker") stop ;;
  "restart docker") stop; start ;;
  "reload docker") kill -HUP "$(cat "$WORK/dockerd.pid")" ;;
  # Another one's unit is a program that takes the word.
  *) [ ! -x "$WORK/bin/unit-${2:-}" ] || exec "$WORK/bin/unit-$2" "$1" ;;
esac
END
chmod +x "$WORK/bin/systemctl"
cat >"$WORK/docker.service" <<'END'
[Service]
EnvironmentFile=-/etc/sysconfig/docker
ExecStart=/usr/bin/dockerd $INSECURE_REGISTRY
END
trap 'systemctl stop docker; [ -z "${CONTAINERD:-}" ] || kill "$CONTAINERD"; [ ! -x "$WORK/bin/unit-buildkit" ] || systemctl stop buildkit' EXIT

# What curl needs to believe the registry.
CURL_OPTIONS=()

# script <target> <version>: fetches it as a client would, looks, runs it, and runs it again.
script() {
  curl -fsS "${CURL_OPTIONS[@]}" -o "$WORK/$1.sh" "$CONSOLE/setup/$1.sh?version=$2&trust=$TRUST"
  sh "$WORK/$1.sh" --dry-run | tee "$WORK/$1.dry" | sed 's/^/    /'
  grep -q 'nothing was changed' "$WORK/$1.dry" || fail "the dry run would change nothing"
  sh "$WORK/$1.sh" | sed 's/^/    /'
  sh "$WORK/$1.sh" | tee "$WORK/$1.again" | sed 's/^/    /'
  grep -q 'nothing had to be changed' "$WORK/$1.again" || fail "the second run changed something"
}

# refused <command...>: it has to fail, and for the reason that brings people to the guide.
refused() {
  ! "$@" >"$WORK/refused" 2>&1 || fail "$* works before anything is set up"
  grep -q "$REFUSAL" "$WORK/refused" || fail "$* says: $(cat "$WORK/refused")"
}

# start_containerd: a containerd of this test's own, without a configuration.
start_containerd() {
  rm -f /etc/containerd/config.toml
  rm -rf /etc/containerd/certs.d
  containerd --root "$WORK/containerd" --state "$WORK/containerd-state" -a "$WORK/containerd.sock" \
    >"$WORK/containerd.log" 2>&1 &
  CONTAINERD=$!
  for _ in $(seq 100); do ctr -a "$WORK/containerd.sock" version >/dev/null 2>&1 && break; sleep 0.1; done
}

# containerd_pull <image>: as Kubernetes does it.
containerd_pull() {
  ctr -a "$WORK/containerd.sock" images pull --snapshotter native --hosts-dir /etc/containerd/certs.d "$1"
}

# Where Podman and Buildah keep what they pull.
PODMAN_OPTIONS=(--root "$WORK/podman" --runroot "$WORK/podman-run" --storage-driver vfs)

# authority: fetches the registry's authority as the page says, and compares its fingerprint with the one that its
# administrator knows.
authority() {
  curl -fsSk -o "$WORK/ca.crt" "$CONSOLE/setup/ca.crt"
  fingerprint() { openssl x509 -in "$1" -noout -fingerprint -sha256; }
  [ "$(fingerprint "$WORK/ca.crt")" = "$(fingerprint "$WORK/authority.pem")" ] || fail "another authority was handed out"
  CURL_OPTIONS=(--cacert "$WORK/ca.crt")
}
