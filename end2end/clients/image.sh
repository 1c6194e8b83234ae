#!/bin/bash
# The image under a real docker daemon, started as the original page starts registry:2 and verified as it says.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh

TOP=$(cd ../.. && pwd)
IMAGE=humpback/humpback-registry
export DOCKER_HOST=unix://$WORK/docker.sock DOCKER_CONFIG=$WORK/docker-config DOCKER_BUILDKIT=0

say "Building the image"
mkdir -p "$WORK/context/target"
"$TOP/server/packaging/image-root" "$HUMPBACK_BINARY" "$WORK/context/target/image.tar"
cp "$TOP/Dockerfile" "$TOP/.dockerignore" "$WORK/context/"
dockerd --data-root "$WORK/docker" --exec-root "$WORK/exec" -H "unix://$WORK/docker.sock" -p "$WORK/docker.pid" \
  --iptables=false --bridge=none --storage-driver=vfs >"$WORK/dockerd.log" 2>&1 &
DAEMON=$!
started $DAEMON
# A container in the machine's network leaves a mount behind, which would keep the folder from being removed.
end_docker() {
  local status=$?
  trap - EXIT
  docker rm --force --volumes registry >/dev/null 2>&1 || true
  kill $DAEMON 2>/dev/null || true
  wait $DAEMON 2>/dev/null || true
  umount "$WORK/exec/netns/default" 2>/dev/null || true
  # `finish` takes over the status that the script has ended with.
  set +e
  (exit $status)
  finish
}
trap end_docker EXIT
wait_for "the docker daemon answers" docker info
docker build --tag $IMAGE "$WORK/context" >"$WORK/build.log" 2>&1 || fail "$(cat "$WORK/build.log")"
size=$(docker image inspect --format '{{.Size}}' $IMAGE)
say "It has $((size / 1000000)) MB"
inspected() { docker image inspect --format "{{json .Config.$1}}" $IMAGE; }
[ "$(inspected Volumes)" = '{"/var/lib/registry":{}}' ] || fail "its volumes are $(inspected Volumes)"
[ "$(inspected ExposedPorts)" = '{"5000/tcp":{}}' ] || fail "its ports are $(inspected ExposedPorts)"

# There is no bridge here, so containers share the machine's network: nobody else may have the port.
! curl --silent --output /dev/null http://localhost:5000/ || fail "port 5000 is taken"
remove() { docker rm --force --volumes registry >/dev/null; }
running_as() { stat --format %u "/proc/$(docker inspect --format '{{.State.Pid}}' registry)"; }
verify() {
  wait_for "_catalog answers" curl --silent --fail http://localhost:5000/v2/_catalog
  [ "$(curl --silent http://localhost:5000/v2/_catalog)" = '{"repositories":[]}' ] || fail "the catalog is not empty"
}

say "The original page's command, with a folder of the machine"
mkdir "$WORK/registry"
docker run -d -p 5000:5000 --restart=always --network host \
  -v "$WORK/registry/:/var/lib/registry/" \
  --name registry \
  $IMAGE
verify
[ "$(running_as)" = 0 ] || fail "root's folder is not root's process"
[ -e "$WORK/registry/humpback/humpback.db" ] || fail "nothing is in the folder"
healthy() { [ "$(docker inspect --format '{{.State.Health.Status}}' registry)" = healthy ]; }
wait_for "the container is healthy" healthy
docker exec registry /bin/humpback-registry health
remove

say "With a configuration file, as for registry:2, and a folder of another user"
chown -R 1234:1234 "$WORK/registry"
printf '%s\n' 'version: 0.1' 'storage: {filesystem: {rootdirectory: /var/lib/registry}, delete: {enabled: true}}' \
  'http: {addr: ":5000", debug: {addr: "127.0.0.1:5001", prometheus: {enabled: true}}}' \
  'notifications: {endpoints: [{name: by-name, url: "http://localhost:5002/events"}]}' >"$WORK/config.yml"
docker run -d -p 5000:5000 --restart=always --network host \
  -v "$WORK/registry/:/var/lib/registry/" \
  -v "$WORK/config.yml:/etc/docker/registry/config.yml" \
  --name registry \
  $IMAGE serve /etc/docker/registry/config.yml
verify
[ "$(running_as)" = 1234 ] || fail "it runs as $(running_as)"
[ "$(curl --silent http://localhost:5001/debug/health)" = '{}' ] || fail "/debug/health is not well"
# Names are resolved without files of the machine's C library: a request that is refused has found its host.
curl --silent --fail --output /dev/null --request POST http://localhost:5000/v2/a/blobs/uploads/?digest=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
metrics() { curl --silent http://localhost:5001/metrics; }
failing() { metrics | grep -q '^humpback_notifications_failures_in_a_row{endpoint="by-name"} [1-9]'; }
wait_for "the notification is tried" failing
docker logs registry 2>&1 | grep -q 'Connection refused' || fail "the name was not resolved: $(docker logs registry 2>&1)"
remove

say "With a volume of docker's own"
docker run -d --network host -v registry-data:/var/lib/registry --name registry $IMAGE
verify
[ "$(running_as)" = 65532 ] || fail "it runs as $(running_as)"
remove
say "image: all is well"
