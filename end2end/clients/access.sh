#!/bin/bash
# Who may do what, with real clients: docker, podman and skopeo against each preset and against rules for one user.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh

MEMBER=ann
MEMBER_PASSWORD='members horse battery'

start_docker() {
  dockerd --data-root "$WORK/docker" --exec-root "$WORK/exec" -H "unix://$WORK/docker.sock" -p "$WORK/docker.pid" \
    --iptables=false --bridge=none --storage-driver=vfs >"$WORK/dockerd.log" 2>&1 &
  started $!
  wait_for "the docker daemon answers" docker info
}

podman() {
  command podman --root "$WORK/podman" --runroot "$WORK/run" --tmpdir "$WORK/tmp" --storage-driver vfs \
    --cgroup-manager cgroupfs --events-backend file "$@"
}

skopeo() { command skopeo --insecure-policy "$@"; }

export DOCKER_HOST=unix://$WORK/docker.sock DOCKER_CONFIG=$WORK/docker-config DOCKER_BUILDKIT=0

# refused <what> <command...>: the command must fail, and its output is kept in refused.log.
refused() {
  local what=$1
  shift
  ! "$@" >"$WORK/refused.log" 2>&1 || fail "$what was not refused"
}

# login <docker|podman|skopeo> <user> <password>
login() {
  local tls=()
  [ "$1" = docker ] || tls=(--tls-verify=false)
  "$1" login "${tls[@]}" --username "$2" --password-stdin "$REGISTRY" <<<"$3"
}

# preset <name>: puts a preset in force, by its form on the page.
preset() {
  local version
  version=$(page /manage/access | grep -o 'name="expected_version" value="[0-9]*"' | head -n 1 | tr -dc 0-9)
  submit /manage/access /api/apply_access_preset "expected_version=$version" "preset=$1"
  say "The preset $1 is in force"
}

# allow <pattern> <who> <name> <action>: adds a rule, by its form on the page.
allow() {
  local version
  version=$(page /manage/access | grep -o 'name="expected_version" value="[0-9]*"' | head -n 1 | tr -dc 0-9)
  submit /manage/access /api/save_access_rule "expected_version=$version" "pattern=$1" "who=$2" "name=$3" \
    effect=allow "$4=true"
}

status() { curl --silent --output /dev/null --write-out '%{http_code}' "$@"; }

# podman's and skopeo's own, so that they don't take docker's. The registry knows that it is none of its settings.
export REGISTRY_AUTH_FILE=$WORK/auth.json
echo '{}' >"$REGISTRY_AUTH_FILE"
start_registry
start_docker
sign_in
submit /manage/new-user /api/create_user "user_name=$MEMBER" role=member "password=$MEMBER_PASSWORD"
make_layout "$WORK/layout"
mkdir "$WORK/context"
echo hello >"$WORK/context/one"
printf '%s\n' 'FROM scratch' 'COPY one /one' >"$WORK/context/Dockerfile"
image=$REGISTRY/team/app
docker build --tag "$image:1.0" "$WORK/context" >"$WORK/build.log" 2>&1
shows / 'banner--warning' || fail "an open registry does not say so"

say "Open: everyone pushes and pulls, without signing in"
[ "$(status "http://$REGISTRY/v2/")" = 200 ] || fail "GET /v2/ is not open"
docker push --quiet "$image:1.0"
docker pull --quiet "$image:1.0"
skopeo copy --quiet --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$image:skopeo"
podman pull --quiet --tls-verify=false "$image:1.0"

preset sign-in-to-push
! shows / 'banner--warning' || fail "the registry is not open any more, and says that it is"
say "Anonymous clients pull and do not push"
[ "$(status "http://$REGISTRY/v2/")" = 401 ] || fail "GET /v2/ asks for nothing"
docker pull --quiet "$image:1.0"
podman pull --quiet --tls-verify=false "$image:1.0"
skopeo inspect --tls-verify=false "docker://$image:1.0" >/dev/null
[ "$(status "http://$REGISTRY/v2/team/app/tags/list")" = 200 ] || fail "curl must have a token to pull"
refused "docker's push" docker push "$image:1.0"
grep -Eqi 'denied|unauthorized|authentication required|no basic auth' "$WORK/refused.log" ||
  fail "docker says: $(cat "$WORK/refused.log")"
refused "podman's push" podman push --tls-verify=false "$image:1.0"
refused "skopeo's copy" skopeo copy --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$image:skopeo"

say "A wrong password is told at the login, the right one pushes, and none after the logout"
for client in docker podman skopeo; do
  refused "$client's login with a wrong password" login "$client" "$MEMBER" wrong
  grep -qi 'unauthorized\|invalid username/password' "$WORK/refused.log" || fail "$client says: $(cat "$WORK/refused.log")"
  login "$client" "$MEMBER" "$MEMBER_PASSWORD"
  case $client in
    docker) docker push --quiet "$image:1.0" ;;
    podman) podman push --quiet --tls-verify=false "$image:1.0" ;;
    skopeo) skopeo copy --quiet --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$image:skopeo" ;;
  esac
  "$client" logout "$REGISTRY" >/dev/null
done
refused "docker's push after the logout" docker push "$image:1.0"
refused "podman's push after the logout" podman push --tls-verify=false "$image:1.0"

preset private
say "Nobody in particular sees anything"
refused "docker's pull" docker pull "$image:1.0"
refused "podman's pull" podman pull --tls-verify=false "$image:1.0"
refused "skopeo's look" skopeo inspect --tls-verify=false "docker://$image:1.0"
refused "a look at what does not exist" skopeo inspect --tls-verify=false "docker://$REGISTRY/no/such:1.0"
[ "$(status "http://$REGISTRY/v2/_catalog")" = 401 ] || fail "the catalog is open"
login docker "$MEMBER" "$MEMBER_PASSWORD"
docker pull --quiet "$image:1.0"
docker push --quiet "$image:1.0"
docker tag "$image:1.0" "$REGISTRY/other/app:1.0"
docker push "$REGISTRY/other/app:1.0" | tee "$WORK/mount.log"
grep -Eq 'Mounted from|Layer already exists' "$WORK/mount.log" || fail "no layer was mounted"
login skopeo "$MEMBER" "$MEMBER_PASSWORD"
skopeo list-tags --tls-verify=false "docker://$image" | grep -q skopeo || fail "skopeo lists no tags"
refused "a member's deletion" skopeo delete --tls-verify=false "docker://$image:skopeo"
login skopeo "$ADMIN" "$ADMIN_PASSWORD"
skopeo delete --tls-verify=false "docker://$image:skopeo"
skopeo logout "$REGISTRY" >/dev/null

say "A rule for one user: the others see nothing of it"
submit /manage/new-user /api/create_user user_name=bob role=member "password=$MEMBER_PASSWORD"
version=$(page /manage/access | grep -o 'name="expected_version" value="[0-9]*"' | head -n 1 | tr -dc 0-9)
submit /manage/access /api/remove_access_rule "expected_version=$version" place=0
allow 'other/**' user bob push
refused "ann's pull" docker pull "$REGISTRY/other/app:1.0"
grep -Eqi 'not found|manifest unknown|denied|unknown' "$WORK/refused.log" || fail "docker says: $(cat "$WORK/refused.log")"
docker logout "$REGISTRY" >/dev/null
login docker bob "$MEMBER_PASSWORD"
docker pull --quiet "$REGISTRY/other/app:1.0"
docker push --quiet "$REGISTRY/other/app:1.0"
refused "bob's pull from elsewhere" docker pull "$image:1.0"
[ "$(curl --silent --user "bob:$MEMBER_PASSWORD" "http://$REGISTRY/v2/_catalog")" = '{"repositories":["other/app"]}' ] ||
  fail "bob's catalog shows more, or less, than he may pull"

say "Disabled, he is out at once"
submit /manage/user/bob /api/set_user_enabled user_name=bob enabled=false
refused "a disabled user's pull" docker pull "$REGISTRY/other/app:1.0"
docker logout "$REGISTRY" >/dev/null
say "access: all is well"
