# shellcheck shell=bash
# One client on the other machine: run inside of the network namespace, with the client's name.

for folder in docker containers containerd sysconfig; do mount --bind "$WORK/etc/$folder" "/etc/$folder"; done

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
  *) exit 0 ;;
esac
END
chmod +x "$WORK/bin/systemctl"
cat >"$WORK/docker.service" <<'END'
[Service]
EnvironmentFile=-/etc/sysconfig/docker
ExecStart=/usr/bin/dockerd $INSECURE_REGISTRY
END
trap 'systemctl stop docker; [ -z "${CONTAINERD:-}" ] || kill "$CONTAINERD"' EXIT

# script <target> <version>: fetches it as a client would, looks, runs it, and runs it again.
script() {
  curl -fsS -o "$WORK/$1.sh" "$CONSOLE/setup/$1.sh?version=$2&trust=http"
  sh "$WORK/$1.sh" --dry-run | tee "$WORK/$1.dry" | sed 's/^/    /'
  grep -q 'nothing was changed' "$WORK/$1.dry" || fail "the dry run would change nothing"
  sh "$WORK/$1.sh" | sed 's/^/    /'
  sh "$WORK/$1.sh" | tee "$WORK/$1.again" | sed 's/^/    /'
  grep -q 'nothing had to be changed' "$WORK/$1.again" || fail "the second run changed something"
}

# refused <command...>: it has to fail, and for the reason that brings people to the guide.
refused() {
  ! "$@" >"$WORK/refused" 2>&1 || fail "$* works before anything is set up"
  grep -q 'HTTP response to HTTPS client' "$WORK/refused" || fail "$* says: $(cat "$WORK/refused")"
}

case $1 in
  docker-daemon-json)
    printf '{\n    "debug": true\n}\n' >/etc/docker/daemon.json
    systemctl start docker || fail "docker does not start"
    refused docker pull --quiet "$IMAGE"
    script debian docker-1.13
    docker pull --quiet "$IMAGE"
    grep -q '^    "debug": true,$' /etc/docker/daemon.json || fail "daemon.json was not kept: $(cat /etc/docker/daemon.json)"

    say "A flag beside it, which would stop docker, moves into the file"
    systemctl stop docker
    rm /etc/docker/daemon.json
    echo "INSECURE_REGISTRY='--insecure-registry=10.9.8.7:5000'" >/etc/sysconfig/docker
    systemctl start docker || fail "docker does not start with a flag"
    script debian docker-1.13
    grep -q '"10.9.8.7:5000", "'"$REGISTRY"'"' /etc/docker/daemon.json || fail "the flag did not move"
    systemctl restart docker || fail "docker does not start with what the script made"

    say "What docker does not take is put back"
    rm -f /etc/docker/daemon.json
    systemctl restart docker
    echo '{ "debug": "no boolean" }' >/etc/docker/daemon.json
    ! sh "$WORK/debian.sh" >/dev/null 2>"$WORK/refused" || fail "docker took what it can't take"
    [ "$(cat /etc/docker/daemon.json)" = '{ "debug": "no boolean" }' ] || fail "the file was not put back"
    rm -f /etc/docker/daemon.json /etc/sysconfig/docker
    ;;
  docker-variable)
    rm -f /etc/docker/daemon.json
    printf "OPTIONS=''\nINSECURE_REGISTRY=''\n" >/etc/sysconfig/docker
    systemctl start docker || fail "docker does not start"
    docker image rm --force "$IMAGE" >/dev/null 2>&1 || true
    refused docker pull --quiet "$IMAGE"
    script centos-7 sysconfig-1.13
    docker pull --quiet "$IMAGE"
    ;;
  podman)
    refused skopeo inspect "docker://$IMAGE"
    script podman system
    skopeo inspect "docker://$IMAGE" | grep -q '"Digest"'
    options=(--root "$WORK/podman" --runroot "$WORK/podman-run" --storage-driver vfs)
    podman "${options[@]}" --cgroup-manager cgroupfs --events-backend file pull --quiet "$IMAGE"
    if command -v buildah >/dev/null; then buildah "${options[@]}" pull --quiet "$IMAGE"; fi
    ;;
  containerd)
    command -v containerd >/dev/null || { say "there is no containerd"; exit 0; }
    rm -f /etc/containerd/config.toml
    rm -rf /etc/containerd/certs.d
    containerd --root "$WORK/containerd" --state "$WORK/containerd-state" -a "$WORK/containerd.sock" \
      >"$WORK/containerd.log" 2>&1 &
    CONTAINERD=$!
    ctr() { command ctr -a "$WORK/containerd.sock" "$@"; }
    for _ in $(seq 100); do ctr version >/dev/null 2>&1 && break; sleep 0.1; done
    pull=(ctr images pull --snapshotter native --hosts-dir /etc/containerd/certs.d)
    refused "${pull[@]}" "$IMAGE"
    script containerd containerd-1
    "${pull[@]}" "$IMAGE" >/dev/null
    containerd config dump | grep -q 'config_path = "/etc/containerd/certs.d"' || fail "the configuration does not name the folder"
    ;;
esac
