#!/bin/bash
# A real docker daemon pushes two images; tags and the whole repository are overwritten and deleted, and each is taken back
# in the console: what docker pulls by tag and by digest proves it.
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

# build <name> <text>: an image whose only file holds the text.
build() {
  mkdir -p "$WORK/context"
  echo "$2" >"$WORK/context/file"
  printf '%s\n' 'FROM scratch' 'COPY file /file' >"$WORK/context/Dockerfile"
  docker build --tag "$1" "$WORK/context" >"$WORK/build.log" 2>&1
}

# push <name>: prints the digest.
push() {
  docker push "$1" >"$WORK/push.log"
  sed -n 's/.*digest: \(sha256:[0-9a-f]*\) .*/\1/p' "$WORK/push.log"
}

# pulls <reference> <digest>: docker has nothing of it, pulls it, and it is that one.
pulls() {
  docker image ls --quiet | sort -u | xargs --no-run-if-empty docker image rm --force >/dev/null
  docker pull "$1" >"$WORK/pull.log"
  grep -q "Digest: $2" "$WORK/pull.log" || fail "$1 is not $2: $(cat "$WORK/pull.log")"
}

# refused <reference>: docker can't pull it.
refused() {
  ! docker pull "$1" >/dev/null 2>"$WORK/refused.log" || fail "$1 can be pulled"
  grep -qi 'manifest unknown\|not found' "$WORK/refused.log" || fail "docker says: $(cat "$WORK/refused.log")"
}

# field <page> <form's action>: what stands in the hidden field `id` of the first such form.
field() { page "$1" | grep -o "action=\"$2\"[^>]*>.\{0,400\}" | head -n 1 | grep -o 'name="id" value="[0-9]*"' | head -n 1 | grep -o '[0-9]*'; }

# restore <page> <action>: sends the first such form of the page.
restore() {
  local id
  id=$(field "$1" "$2") || fail "$1 has nothing to restore by $2"
  submit "$1" "$2" "id=$id"
}

# listed <repository>: whether the API lists it.
listed() { curl --silent --fail "$CONSOLE/v2/_catalog" | grep -q "\"$1\""; }

start_registry
start_docker
sign_in
image=$REGISTRY/team/app

say "Pushing two images"
build "$image:1" one
build "$image:2" two
one=$(push "$image:1")
two=$(push "$image:2")
docker tag "$image:1" "$image:latest"
[ "$(push "$image:latest")" = "$one" ] || fail "the same image has another digest"

say "latest is overwritten, and its history takes it back"
docker tag "$image:2" "$image:latest"
push "$image:latest" >/dev/null
pulls "$image:latest" "$two"
shows '/tag-history/team/app?tag=latest' "${one:0:19}" || fail "the history does not name the first image"
restore '/tag-history/team/app?tag=latest' /api/restore_tag
pulls "$image:latest" "$one"

say "A tag is deleted and comes back"
delete_tag team/app 2
refused "$image:2"
pulls "$image@$two" "$two"
shows /manage/deleted team/app || fail "the deletion is not listed"
restore /manage/deleted /api/restore_deletion
pulls "$image:2" "$two"

say "Two tags are deleted in one step and come back"
shows '/delete-tags/team/app?tag=1&tag=2' 'action="/api/delete_tags"' || fail "the page has no form"
submit '/delete-tags/team/app?tag=1&tag=2' /api/delete_tags repository=team/app 'tags[]=1' 'tags[]=2'
refused "$image:1"
refused "$image:2"
restore /manage/deleted /api/restore_deletion
pulls "$image:1" "$one"
pulls "$image:2" "$two"

say "The repository is deleted: nothing of it can be pulled or is listed"
submit /delete-repository/team/app /api/delete_repository repository=team/app confirmation=wrong
listed team/app || fail "another name than its own has deleted the repository"
submit /delete-repository/team/app /api/delete_repository repository=team/app confirmation=team/app
refused "$image:latest"
refused "$image@$one"
! listed team/app || fail "the repository is still listed"
[ "$(curl --silent --output /dev/null --write-out '%{http_code}' "$CONSOLE/v2/team/app/tags/list")" = 404 ] ||
  fail "the repository still has a list of tags"
tree=$WORK/data/docker/registry/v2/repositories/team/app
wait_for "the tree follows" test ! -e "$tree"

say "It comes back whole"
restore /manage/deleted /api/restore_deletion
pulls "$image:latest" "$one"
pulls "$image:2" "$two"
pulls "$image@$one" "$one"
listed team/app || fail "the repository is not listed again"
wait_for "the tree follows" test -e "$tree/_manifests/tags/latest/current/link"

say "A tag is added and moved in the console"
submit "/put-tag/team/app?reference=$one" /api/put_tag repository=team/app "digest=$one" tag=stable
pulls "$image:stable" "$one"
submit "/put-tag/team/app?reference=$two" /api/put_tag repository=team/app "digest=$two" tag=stable
pulls "$image:stable" "$one"
submit "/put-tag/team/app?reference=$two" /api/put_tag repository=team/app "digest=$two" tag=stable moves=true
pulls "$image:stable" "$two"

say "undo: all is well"
