# shellcheck shell=bash
# A node as kind's are: a container of docker's with kind's labels, in which containerd runs, with a configuration that
# names the folder of registries. Its programs are this machine's. To be sourced after machine.sh.

# start_node: starts docker, and the node in it.
start_node() {
  local root=$WORK/node
  mkdir -p "$root"/{usr,proc,sys,dev,run,tmp,var/lib,etc/containerd}
  for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
  printf 'version = 2\n\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n' \
    >"$root/etc/containerd/config.toml"
  rm -f /etc/docker/daemon.json /etc/sysconfig/docker
  systemctl start docker || fail "docker does not start"
  tar -C "$root" -c . | docker import - node >/dev/null
  docker run --detach --network host --volume /usr:/usr:ro --volume /var/lib/node \
    --volume /etc/alternatives:/etc/alternatives:ro \
    --label io.x-k8s.kind.cluster=kind --label io.x-k8s.kind.role=control-plane --name kind-control-plane \
    node containerd --root /var/lib/node --state /run/containerd >/dev/null
  trap end_node EXIT
  for _ in $(seq 100); do docker exec kind-control-plane ctr version >/dev/null 2>&1 && return 0; sleep 0.1; done
  fail "containerd does not run in the node: $(docker logs kind-control-plane 2>&1)"
}

# A container in the machine's network leaves a mount behind, which would keep the folder from being removed.
end_node() {
  docker rm --force --volumes kind-control-plane >/dev/null 2>&1 || true
  systemctl stop docker
  umount "$WORK/exec/netns/default" 2>/dev/null || true
}

# node_pull <image>: as Kubernetes does it; without mounting what came, for this container may mount nothing.
node_pull() {
  docker exec kind-control-plane ctr content fetch --hosts-dir /etc/containerd/certs.d "$1"
}
