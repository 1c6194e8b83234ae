#!/bin/bash
# The one file to copy: the release serves its own scripts and styles, from a folder that holds nothing else.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh

cp "$HUMPBACK_BINARY" "$WORK/humpback-registry"
HUMPBACK_BINARY=$WORK/humpback-registry
cd "$WORK"
start_registry
sign_in

head_of() { curl --silent --show-error --fail --output "$WORK/body" --dump-header - "$@" | tr -d '\r'; }
value() { sed -n "s/^$1: //Ip" <<<"$answer"; }

page / >"$WORK/page.html"
for kind in js wasm css; do
  file=$(grep -oE "/pkg/[A-Za-z0-9._-]+\.$kind" "$WORK/page.html" | head -n 1)
  [ -n "$file" ] || fail "the page loads no $kind"
  answer=$(head_of "$CONSOLE$file")
  plain=$(wc -c <"$WORK/body")
  [[ $(value cache-control) == *immutable* ]] || fail "$file is not kept by browsers: $answer"
  case $kind in
    js) [[ $(value content-type) == *javascript* ]] ;;
    wasm) [ "$(value content-type)" = application/wasm ] ;;
    css) [[ $(value content-type) == text/css* ]] ;;
  esac || fail "$file has the wrong media type: $(value content-type)"

  for encoding in br gzip; do
    answer=$(head_of --header "Accept-Encoding: $encoding" "$CONSOLE$file")
    [ "$(value content-encoding)" = "$encoding" ] || fail "$file is not sent as $encoding: $answer"
    [ "$(wc -c <"$WORK/body")" -lt "$plain" ] || fail "$file is not smaller as $encoding"
    etag=$(value etag)
    answer=$(head_of --header "Accept-Encoding: $encoding" --header "If-None-Match: $etag" "$CONSOLE$file")
    [[ $(head -n 1 <<<"$answer") == *304* ]] || fail "$file is sent again: $answer"
  done
  say "$file: $plain bytes, $(curl -s -H 'Accept-Encoding: br' "$CONSOLE$file" | wc -c) as br"
done

answer=$(head_of "$CONSOLE/favicon.svg")
[[ $(value content-type) == image/svg+xml ]] || fail "no icon: $answer"
status=$(curl --silent --output /dev/null --write-out '%{http_code}' "$CONSOLE/no/such/file.js")
[ "$status" = 404 ] || fail "a file that is not there is answered with $status"
say "console files: all is well"
