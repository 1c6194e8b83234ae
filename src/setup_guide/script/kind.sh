say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

usage() {
  say "usage: sh $SCRIPT [--dry-run] [--ca FILE] [--no-verify]"
  say "  --dry-run    show what would be changed in each node, and change nothing"
  say "  --ca FILE    the certificate, in PEM, of the authority that signed the registry's, if not the one in here"
  say "  --no-verify  do not let each node ask the registry for an answer"
}

# The nodes that run here, of every cluster. A load balancer is none.
nodes() {
  for role in control-plane worker; do
    docker ps --filter "label=io.x-k8s.kind.role=$role" --format '{{.Names}}' || fail "docker does not answer."
  done
}

# What a node runs. An authority's file from out here goes along.
for_node() {
  inside | sed '$d'
  if [ -n "$ca" ]; then
    printf "AUTHORITY='%s'\nFINGERPRINT=''\n" "$(cat "$ca")"
  fi
  # shellcheck disable=SC2016 # the node's own
  printf 'main "$@"\n'
}

main() {
  ca=''
  flags=''
  while [ $# -gt 0 ]; do
    case $1 in
      --dry-run | --no-verify) flags="$flags $1" ;;
      --ca) [ $# -ge 2 ] || fail "--ca needs a file"; ca=$2; shift ;;
      --help | -h) usage; exit 0 ;;
      *) usage >&2; exit 2 ;;
    esac
    shift
  done
  if [ "$TRUST" != ca ]; then
    ca=''
  elif [ -n "$ca" ]; then
    grep -q 'BEGIN CERTIFICATE' "$ca" || fail "$ca is no certificate in PEM."
    if grep -q "'" "$ca"; then fail "$ca holds more than a certificate in PEM."; fi
  elif [ -z "$AUTHORITY" ]; then
    fail "Give the authority's certificate: sh $SCRIPT --ca ca.crt"
  fi
  found=$(nodes)
  [ -n "$found" ] || fail "No node of a kind cluster runs in this Docker."
  for node in $found; do
    say "== $node"
    # shellcheck disable=SC2086 # one word a flag
    for_node | docker exec -i "$node" sh -s -- $flags || fail "$node is not set up. Run this again once that is mended."
  done
}
