# shellcheck shell=bash
# One client on the other machine, to which the registry speaks plain HTTP: run inside of the network namespace, with the
# client's name.

TRUST=http
REFUSAL='HTTP response to HTTPS client'
# shellcheck source=machine.sh
source lib/machine.sh

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
    podman "${PODMAN_OPTIONS[@]}" --cgroup-manager cgroupfs --events-backend file pull --quiet "$IMAGE"
    if command -v buildah >/dev/null; then buildah "${PODMAN_OPTIONS[@]}" pull --quiet "$IMAGE"; fi
    ;;
  containerd)
    command -v containerd >/dev/null || { say "there is no containerd"; exit 0; }
    start_containerd
    refused containerd_pull "$IMAGE"
    script containerd containerd-1
    containerd_pull "$IMAGE" >/dev/null
    containerd config dump | grep -q 'config_path = "/etc/containerd/certs.d"' || fail "the configuration does not name the folder"
    ;;
  kind)
    command -v containerd >/dev/null || { say "there is no containerd"; exit 0; }
    # shellcheck source=kind-node.sh
    source lib/kind-node.sh
    start_node
    refused node_pull "$IMAGE"
    script kind any
    node_pull "$IMAGE" >/dev/null
    ;;
esac
