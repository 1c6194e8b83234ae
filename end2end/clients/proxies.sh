#!/bin/bash
# Real proxies with the configurations that the console hands out: each in front of the registry, an image with a layer
# of 20 MB pushed and pulled through it. And one that is set up badly, which the console has to notice.
set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/image.sh
PATH=$PATH:/usr/sbin

copy() { skopeo --insecure-policy copy --quiet "$@"; }

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# big_image <layout>: an image with one layer that does not compress, tagged `big`.
big_image() {
  local layout=$1 plain layer layer_size config config_size manifest size
  mkdir -p "$layout/files"
  echo '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
  head -c 20000000 /dev/urandom >"$layout/files/data"
  tar -C "$layout/files" --sort=name --owner=0 --group=0 -cf "$layout.tar" .
  plain=$(sha256sum "$layout.tar" | cut -d ' ' -f 1)
  read -r layer layer_size < <(gzip --no-name --fast --stdout "$layout.tar" | put_blob "$layout")
  rm -r "$layout/files" "$layout.tar"
  read -r config config_size < <(jq --null-input --compact-output --arg diff "sha256:$plain" \
    '{architecture: "amd64", os: "linux", config: {}, rootfs: {type: "layers", diff_ids: [$diff]}}' | put_blob "$layout")
  read -r manifest size < <(jq --null-input --compact-output --arg config "$config" --argjson config_size "$config_size" \
    --arg layer "$layer" --argjson layer_size "$layer_size" \
    '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: $config, size: $config_size},
      layers: [{mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: $layer, size: $layer_size}]}' |
    put_blob "$layout")
  jq --null-input --arg digest "$manifest" --argjson size "$size" \
    '{schemaVersion: 2, manifests: [{mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $digest, size: $size,
      annotations: {"org.opencontainers.image.ref.name": "big"}}]}' >"$layout/index.json"
}

# configuration <file> <port> <language>: what the console hands out for a proxy at that port.
configuration() {
  curl --silent --show-error --fail --get --header "Accept-Language: $3" \
    --data-urlencode "address=http://127.0.0.1:$2" --data-urlencode "upstream=$REGISTRY" "$CONSOLE/setup/proxy/$1"
}

location() { curl --silent --include --request POST "http://127.0.0.1:$1/v2/probe/blobs/uploads/" | tr -d '\r' | sed -n 's/^location: //Ip'; }

# checked <port> <text>: whether the proxy check, opened through the proxy, says so.
checked() {
  # Whole, before it is searched: a pipe that is closed early fails the command before it.
  local page
  page=$(curl --silent --show-error --fail --header 'Accept: text/html' --header 'Accept-Language: en' \
    --header "Referer: http://127.0.0.1:$1/setup" "http://127.0.0.1:$1/setup/proxy")
  grep -qF -- "$2" <<<"$page"
}

# through <name> <port>: an image there and back, and where pushes are sent on to.
through() {
  local name=$1 port=$2 location digest
  wait_for "$name answers" curl --silent --fail "http://127.0.0.1:$port/v2/"
  location=$(location "$port")
  [[ $location == "http://127.0.0.1:$port/v2/probe/blobs/uploads/"* ]] || fail "$name: pushes are sent on to $location"
  copy --dest-tls-verify=false "oci:$WORK/layout:big" "docker://127.0.0.1:$port/team/$name:big"
  copy --src-tls-verify=false "docker://127.0.0.1:$port/team/$name:big" "oci:$WORK/$name:big"
  digest=$(jq --raw-output '.manifests[0].digest' "$WORK/layout/index.json")
  [ "$(jq --raw-output '.manifests[0].digest' "$WORK/$name/index.json")" = "$digest" ] || fail "$name: another image came back"
  checked "$port" 'Pushes are sent on to the address' || fail "$name: the proxy check is not content"
  say "$name: 20 MB there and back"
}

# nginx_with <site> <name>: checks and starts nginx.
nginx_with() {
  mkdir -p "$WORK/$2-temporary"
  cat >"$WORK/$2.conf" <<CONF
user root;
pid $WORK/$2.pid;
error_log $WORK/$2.log;
events {}
http {
  access_log off;
  client_body_temp_path $WORK/$2-temporary;
  include $1;
}
CONF
  nginx -t -q -c "$WORK/$2.conf" || fail "nginx does not take the configuration"
  nginx -c "$WORK/$2.conf" -g 'daemon off;' &
  started $!
}

start_registry
big_image "$WORK/layout"

if command -v nginx >/dev/null; then
  say "nginx"
  for language in en zh-CN; do
    port=$(free_port)
    configuration nginx.conf "$port" "$language" >"$WORK/nginx-$language.site"
    nginx_with "$WORK/nginx-$language.site" "nginx-${language,,}"
    through "nginx-${language,,}" "$port"
  done

  say "nginx as it comes: the port is lost, and 1 MiB is all that it takes"
  port=$(free_port)
  cat >"$WORK/bad.site" <<CONF
server {
  listen $port;
  location / { proxy_pass http://$REGISTRY; proxy_set_header Host \$host; proxy_set_header X-Forwarded-For \$remote_addr; }
}
CONF
  nginx_with "$WORK/bad.site" bad
  wait_for "nginx answers" curl --silent --fail "http://127.0.0.1:$port/v2/"
  checked "$port" 'Pushes would be sent on without the port' || fail "the proxy check does not notice the lost port"
  ! copy --dest-tls-verify=false "oci:$WORK/layout:big" "docker://127.0.0.1:$port/team/bad:big" 2>"$WORK/refused.log" ||
    fail "the bad proxy let a push through"
fi

if command -v caddy >/dev/null; then
  say "Caddy"
  port=$(free_port)
  { printf '{\n\tadmin off\n}\n'; configuration Caddyfile "$port" en; } >"$WORK/Caddyfile"
  HOME=$WORK caddy run --config "$WORK/Caddyfile" --adapter caddyfile >"$WORK/caddy.log" 2>&1 &
  started $!
  through caddy "$port"
fi

if command -v apache2 >/dev/null; then
  say "Apache"
  port=$(free_port)
  modules=/usr/lib/apache2/modules
  {
    printf 'ServerName 127.0.0.1\nPidFile %s\nErrorLog %s\nUser www-data\nGroup www-data\n' "$WORK/apache.pid" "$WORK/apache.log"
    for module in mpm_event authz_core proxy proxy_http headers; do
      printf 'LoadModule %s_module %s/mod_%s.so\n' "$module" "$modules" "$module"
    done
    configuration apache.conf "$port" en
  } >"$WORK/apache.conf"
  apache2 -t -f "$WORK/apache.conf" 2>"$WORK/apache-check.log" || fail "Apache does not take the configuration"
  apache2 -f "$WORK/apache.conf" -DFOREGROUND &
  started $!
  through apache "$port"
fi
say "proxies: all is well"
