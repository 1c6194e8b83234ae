# shellcheck shell=bash
# One client on the other machine, to which the registry shows a certificate of a private authority: run inside of the
# network namespace, with the client's name.

TRUST=ca
REFUSAL='certificate signed by unknown authority'
# shellcheck source=machine.sh
source lib/machine.sh
authority

# seen <failure>: whether the registry has told of it.
seen() {
  curl -sN "${CURL_OPTIONS[@]}" --max-time 2 -H 'Last-Event-ID: 0' "$CONSOLE/api/visits" >"$WORK/visits" || true
  grep -q "\"failure\":\"$1\"" "$WORK/visits"
}

case $1 in
  docker)
    systemctl start docker || fail "docker does not start"
    refused docker pull --quiet "$IMAGE"
    seen CertificateRefused || fail "the registry does not tell that docker refuses its certificate: $(cat "$WORK/visits")"
    curl -s -o /dev/null "http://$REGISTRY/v2/" || true
    seen PlainOnTlsPort || fail "the registry does not tell who speaks HTTP: $(cat "$WORK/visits")"
    script debian docker-1.13
    docker pull --quiet "$IMAGE"
    ;;
  podman)
    # Podman and its relatives look into Docker's folder, too.
    rm -rf /etc/docker/certs.d
    refused skopeo inspect "docker://$IMAGE"
    if command -v buildah >/dev/null; then refused buildah "${PODMAN_OPTIONS[@]}" pull --quiet "$IMAGE"; fi
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
    ;;
  system)
    # The step for the whole machine, as the page shows it.
    ! curl -fsS -o /dev/null "$CONSOLE/v2/" 2>/dev/null || fail "curl believes the authority already"
    curl -fsS "${CURL_OPTIONS[@]}" -H "Origin: $CONSOLE" -H 'Accept: application/json' \
      --data-urlencode 'asked[target]=debian' --data-urlencode 'asked[trust]=ca' \
      --data-urlencode "asked[address]=$CONSOLE" "$CONSOLE/api/setup_steps" |
      jq --raw-output '.steps[].snippets[].text | select(contains("update-ca-certificates"))' >"$WORK/trust.sh"
    mkdir -p "$WORK/share" /usr/local/share/ca-certificates
    mount --bind "$WORK/share" /usr/local/share/ca-certificates
    (cd "$WORK" && sh -eu trust.sh) >/dev/null 2>&1 || fail "the step for the system's store failed: $(cat "$WORK/trust.sh")"
    curl -fsS -o /dev/null "$CONSOLE/v2/" || fail "curl does not believe the authority yet"
    ;;
  kind)
    command -v containerd >/dev/null || { say "there is no containerd"; exit 0; }
    # shellcheck source=kind-node.sh
    source lib/kind-node.sh
    start_node
    refused node_pull "$IMAGE"
    script kind any
    node_pull "$IMAGE" >/dev/null
    # An authority's file from outside of the node is the same to it.
    sed "/^AUTHORITY='-/,/^-----END/c AUTHORITY=''" "$WORK/kind.sh" >"$WORK/kind-bare.sh"
    sh "$WORK/kind-bare.sh" --ca "$WORK/ca.crt" | tee "$WORK/kind.again" | sed 's/^/    /'
    grep -q 'nothing had to be changed' "$WORK/kind.again" || fail "the authority's file is another one in the node"
    ;;
esac
