#!/bin/bash
# Another registry behind System Config's address: Debian's docker-registry (Distribution 2.8) over HTTP, with a name and
# password, over HTTPS with a private authority, and with both. The console's pages are read as without scripts.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh
source lib/authority.sh

copy() { skopeo --insecure-policy copy --quiet "$@"; }

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# start_distribution <name> [<more lines of http:>] [<more lines>]: sets DISTRIBUTION (host:port) and its pid.
start_distribution() {
  local name=$1 port
  port=$(free_port)
  mkdir -p "$WORK/remote-data"
  cat >"$WORK/$name.yml" <<END
version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: $WORK/remote-data}
compatibility: {schema1: {enabled: true}}
http:
  addr: 127.0.0.1:$port
  secret: remote
${2:-}
${3:-}
END
  docker-registry serve "$WORK/$name.yml" >"$WORK/$name.log" 2>&1 &
  DISTRIBUTION_PID=$!
  started "$DISTRIBUTION_PID"
  DISTRIBUTION=127.0.0.1:$port
  wait_for "$name listens" bash -c "exec 3<>/dev/tcp/127.0.0.1/$port"
}

# set_address <address>: as an administrator does under System Config.
set_address() {
  local version
  version=$(page /manage/system-config | grep -o 'name="expected_version" value="[0-9]*"' | grep -o '[0-9]*' | awk 'NR == 1')
  submit /manage/system-config /api/save_system_config "expected_version=$version" private_registry_enabled=true "address=$1"
}

# set_remote <field=value...>: how that registry is asked.
set_remote() { submit /manage/system-config /api/save_remote_registry "$@"; }

# refuses <text> [<page's path>]: the list of repositories, or that page, says why it is not there, with the way out.
refuses() {
  curl --silent --cookie "$WORK/cookies" --header 'Accept: text/html' "$CONSOLE${2:-$LIST}" >"$WORK/refused.html"
  grep -F -- "$1" "$WORK/refused.html" >/dev/null || fail "the page does not say: $1"
  grep -F 'href="/manage/system-config#remote"' "$WORK/refused.html" >/dev/null || fail "there is no way to System Config"
}

# shows_all: the explorer's pages show what lies in the other registry, and nothing that its API does not tell.
shows_all() {
  shows "$LIST" team/app || fail "the repositories are not listed"
  shows "$LIST" 'another registry' || fail "it is not said whose they are"
  ! shows "$LIST" here/only || fail "our own repositories are listed"
  shows /repositories/team/app '>multi<' || fail "the tags are not listed"
  shows '/manifests/team/app?reference=multi' linux/arm64 || fail "the platforms are not shown"
  shows '/manifests/team/app?reference=single' 'COPY layer 1' || fail "the layers are not shown"
  ! shows '/manifests/team/app?reference=single' /delete-tag/ || fail "deleting is offered"
  page '/manifests/team/app?reference=single' | grep -F "$DIGEST" >/dev/null || fail "the digest is not shown"
}

start_registry
sign_in
# Where the list of repositories is.
LIST=/repositories
page "$LIST" >/dev/null 2>&1 || LIST=/
make_layout "$WORK/layout"
copy --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$REGISTRY/here/only:1"
DIGEST=$(jq --raw-output '.manifests[] | select(.annotations["org.opencontainers.image.ref.name"] == "single").digest' \
  "$WORK/layout/index.json")

say "Our own address is ours"
set_address "http://$REGISTRY"
shows "$LIST" here/only || fail "our own repositories are not listed"
# By another name, which only asking tells.
set_address "http://localhost:${REGISTRY##*:}"
shows "$LIST" here/only || fail "our own repositories are not listed by another name"
shows /manage/system-config 'is this registry' || fail "System Config does not say that it is ours"

say "HTTP"
start_distribution plain
copy --all --dest-tls-verify=false "oci:$WORK/layout:multi" "docker://$DISTRIBUTION/team/app:multi"
copy --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$DISTRIBUTION/team/app:single"
set_address "http://$DISTRIBUTION"
shows_all
shows "/manage/system-config" 'is another registry' || fail "System Config does not say that it is another one"

say "Schema 1"
copy --format v2s1 --dest-tls-verify=false "oci:$WORK/layout:single" "docker://$DISTRIBUTION/team/old:v2s1"
shows '/manifests/team/old?reference=v2s1' 'COPY layer 2' || fail "the schema 1 image is not shown"

say "It is gone"
kill "$DISTRIBUTION_PID"
# It ends by the signal, as the shell tells it.
wait "$DISTRIBUTION_PID" || [ $? = 143 ]
# What was read just now is kept for a moment.
refuses "can't be reached" /repositories/team/other

say "A name and password"
# shellcheck disable=SC2016 # the dollars are bcrypt's
perl -e 'print "ann:", crypt("right", q($2y$05$abcdefghijklmnopqrstuu)), "\n"' >"$WORK/users"
AUTH="auth: {htpasswd: {realm: remote, path: $WORK/users}}"
start_distribution basic '' "$AUTH"
set_address "http://$DISTRIBUTION"
refuses 'asks for a user name and password'
set_remote owner=ask user_name=ann password=wrong
refuses 'refuses the user name and password'
set_remote owner=ask user_name=ann password=right
shows_all
! page /manage/system-config | grep -F 'right"' >/dev/null || fail "the password is on the page"
# Who has not signed in here does not see what the password opens.
curl --silent --header 'Accept: text/html' "$CONSOLE$LIST" >"$WORK/anonymous.html"
! grep -F team/app "$WORK/anonymous.html" >/dev/null || fail "anyone sees what the password opens"
! grep -E 'ann:right|YW5uOnJpZ2h0' "$WORK/registry.log" >/dev/null || fail "the password is in the log"

say "TLS with a private authority"
make_authority 127.0.0.1
TLS="  tls: {certificate: $WORK/chain.pem, key: $WORK/server.key}"
start_distribution tls "$TLS"
set_address "https://$DISTRIBUTION"
set_remote owner=other
refuses 'certificate is not trusted'
set_remote owner=ask "authority=$(cat "$WORK/authority.pem")"
shows_all

say "TLS, a name and password"
start_distribution both "$TLS" "$AUTH"
set_address "https://$DISTRIBUTION"
set_remote owner=ask "authority=$(cat "$WORK/authority.pem")"
refuses 'asks for a user name and password'
set_remote owner=ask user_name=ann password=right "authority=$(cat "$WORK/authority.pem")"
shows_all

say "Without an address, this registry again"
set_address ''
shows "$LIST" here/only || fail "our own repositories are not listed"
say "remote: all is well"
