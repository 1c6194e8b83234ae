# shellcheck shell=bash
# A registry of a script's own, and the console as a browser without scripts uses it. To be sourced.
#
# Sets WORK (a folder that is removed at the end), REGISTRY (host:port) and CONSOLE (its URL). Processes that the
# script starts in the background are ended when it ends, if they were given to `started`.

set -euo pipefail

HUMPBACK_BINARY=${HUMPBACK_BINARY:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/target/release/humpback-registry}
ADMIN=admin
ADMIN_PASSWORD=correct-horse-battery-staple
PATIENCE=60

WORK=$(mktemp -d "${TMPDIR:-/var/tmp}/humpback-client.XXXXXX")
PROCESSES=()

say() { printf -- '--- %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

started() { PROCESSES+=("$1"); }

finish() {
  local status=$? pid
  trap - EXIT
  # The last started is ended first, and each is waited for: it may need what lies in the folder.
  for ((i = ${#PROCESSES[@]} - 1; i >= 0; i--)); do
    pid=${PROCESSES[i]}
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  if [ "$status" -ne 0 ]; then
    for log in "$WORK"/*.log; do
      [ -e "$log" ] || continue
      printf -- '--- the end of %s\n' "$(basename "$log")" >&2
      tail -n 40 "$log" >&2
    done
  fi
  rm -rf "$WORK" || true
  exit "$status"
}
trap finish EXIT

# wait_for <what> <command...>: asks again and again, not for ever.
wait_for() {
  local what=$1 end=$((SECONDS + PATIENCE))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || fail "waited in vain until $what"
    sleep 0.1
  done
}

# On loopback, unless LISTEN names another address; over HTTPS if SCHEME says so and the environment names the files.
start_registry() {
  [ -x "$HUMPBACK_BINARY" ] || fail "$HUMPBACK_BINARY is not there: run 'make build', or set HUMPBACK_BINARY"
  # One that ran before must not be taken for this one.
  rm -f "$WORK/registry.out"
  # Without a configuration file: this machine may have one of its own.
  REGISTRY_CONFIGURATION_PATH='' HUMPBACK_ADMIN_USER=$ADMIN HUMPBACK_ADMIN_PASSWORD=$ADMIN_PASSWORD \
    "$HUMPBACK_BINARY" serve --addr "${LISTEN:-127.0.0.1:0}" --root "$WORK/data" >"$WORK/registry.out" 2>"$WORK/registry.log" &
  started $!
  wait_for "the registry serves" grep -q '^ *Data ' "$WORK/registry.out"
  REGISTRY=$(sed -n 's/^ *Registry *//p' "$WORK/registry.out")
  CONSOLE=${SCHEME:-http}://$REGISTRY
  say "The registry serves at $REGISTRY"
}

# page <path>: a page of the console, as it is without scripts.
page() { curl --silent --show-error --fail --cookie "$WORK/cookies" --header 'Accept: text/html' "$CONSOLE$1"; }

# shows <path> <text>: whether a page shows a text. The page is read to its end: curl fails when nobody listens any more.
shows() { page "$1" | grep -F -- "$2" >/dev/null; }

# submit <page's path> <form's action> <field=value...>: sends a form as a browser does that stands on its page.
submit() {
  local from=$1 action=$2 field fields=()
  shift 2
  for field in "$@"; do fields+=(--data-urlencode "$field"); done
  curl --silent --show-error --fail --output /dev/null --cookie "$WORK/cookies" --cookie-jar "$WORK/cookies" \
    --header 'Accept: text/html' --header "Origin: $CONSOLE" --header "Referer: $CONSOLE$from" \
    "${fields[@]}" "$CONSOLE$action"
}

sign_in() {
  touch "$WORK/cookies"
  shows /sign-in 'action="/api/sign_in"' || fail "the sign-in page has no form"
  submit /sign-in /api/sign_in "user_name=$ADMIN" "password=$ADMIN_PASSWORD"
  shows / 'action="/api/sign_out"' || fail "nobody is signed in"
}

# delete_tag <repository> <tag>: by the console's page that asks first.
delete_tag() {
  local from="/delete-tag/$1?tag=$2"
  shows "$from" 'action="/api/delete_tag"' || fail "the page $from has no form"
  submit "$from" /api/delete_tag "repository=$1" "tag=$2"
}
