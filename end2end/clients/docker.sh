#!/bin/bash
# A real docker daemon: builds an image from nothing, pushes it, forgets it and pulls it back; deleted in the
# browser, it can't be pulled any more.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh

start_docker() {
  dockerd --data-root "$WORK/docker" --exec-root "$WORK/exec" -H "unix://$WORK/docker.sock" -p "$WORK/docker.pid" \
    --iptables=false --bridge=none --storage-driver=vfs >"$WORK/dockerd.log" 2>&1 &
  started $!
  wait_for "the docker daemon answers" docker info
}

export DOCKER_HOST=unix://$WORK/docker.sock DOCKER_CONFIG=$WORK/docker-config DOCKER_BUILDKIT=0

start_registry
start_docker
sign_in

say "Building an image with three layers"
mkdir "$WORK/context"
echo hello >"$WORK/context/one"
head -c 3000000 /dev/urandom >"$WORK/context/two"
head -c 200000 /dev/zero >"$WORK/context/three"
printf '%s\n' 'FROM scratch' 'COPY one /one' 'COPY two /two' 'COPY three /three' 'LABEL made=from-nothing' \
  >"$WORK/context/Dockerfile"
image=$REGISTRY/team/app
docker build --tag "$image:1.0" "$WORK/context" >"$WORK/build.log" 2>&1
id=$(docker image inspect --format '{{.Id}}' "$image:1.0")

say "Pushing it"
docker push "$image:1.0" | tee "$WORK/push.log"
digest=$(sed -n 's/.*digest: \(sha256:[0-9a-f]*\) .*/\1/p' "$WORK/push.log")
[ -n "$digest" ] || fail "docker tells no digest"

say "It is in the explorer"
shows / team/app || fail "the repository is not listed"
shows /repositories/team/app 1.0 || fail "the tag is not listed"
shows "/manifests/team/app?reference=1.0" "${digest#sha256:}" || fail "the manifest's page does not name its digest"

say "Pulling it back"
docker image rm --force "$id" >/dev/null
! docker image inspect "$image:1.0" >/dev/null 2>&1 || fail "docker still has the image"
docker pull "$image:1.0"
[ "$(docker image inspect --format '{{.Id}}' "$image:1.0")" = "$id" ] || fail "another image came back"
docker image rm --force "$id" >/dev/null
docker pull "$image@$digest" >/dev/null
[ "$(docker image inspect --format '{{.Id}}' "$image@$digest")" = "$id" ] || fail "another image has the digest"

say "What the registry has is not sent again"
docker tag "$image@$digest" "$image:again"
docker push "$image:again" | tee "$WORK/again.log"
[ "$(grep -c 'Layer already exists' "$WORK/again.log")" = 3 ] || fail "layers were sent twice"
docker tag "$image@$digest" "$REGISTRY/other/app:1.0"
docker push "$REGISTRY/other/app:1.0" | tee "$WORK/mount.log"
grep -Eq 'Mounted from|Layer already exists' "$WORK/mount.log" || fail "no layer was mounted"

say "An image in the form before 1.10 is pulled"
skopeo --insecure-policy copy --quiet --format v2s1 --src-tls-verify=false --dest-tls-verify=false \
  "docker://$image:1.0" "docker://$REGISTRY/team/old:v2s1"
docker pull "$REGISTRY/team/old:v2s1" | tee "$WORK/old.log"
grep -q 'Status: Downloaded' "$WORK/old.log" || fail "docker has not pulled schema 1"
docker image rm --force "$REGISTRY/team/old:v2s1" >/dev/null

say "Deleted in the browser, it can't be pulled"
docker image rm --force "$id" >/dev/null
node lib/delete-tag.mjs "$CONSOLE" "$ADMIN" "$ADMIN_PASSWORD" team/app 1.0
! docker pull "$image:1.0" 2>"$WORK/deleted.log" || fail "the deleted tag can be pulled"
grep -qi 'manifest unknown\|not found' "$WORK/deleted.log" || fail "docker says: $(cat "$WORK/deleted.log")"
cat "$WORK/deleted.log"
! shows "/repositories/team/app" '?reference=1.0"' || fail "the deleted tag is still listed"

say "The other names stand, and the next push succeeds"
docker pull "$image:again" >/dev/null
docker pull "$REGISTRY/other/app:1.0" >/dev/null
docker tag "$image:again" "$image:1.0"
docker push --quiet "$image:1.0"
docker image rm --force "$id" >/dev/null
docker pull --quiet "$image:1.0"
say "docker: all is well"
