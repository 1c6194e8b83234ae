say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# What cannot be merged safely is left as it is.
by_hand() {
  roll_back
  printf '%s\n' "$1" "Nothing was changed. The page $PAGE shows the steps, and merges the file if it is pasted there." >&2
  exit 3
}

usage() {
  say "usage: sh $SCRIPT [--dry-run] [--ca FILE] [--no-verify]"
  say "  --dry-run    show what would be changed, and change nothing"
  say "  --ca FILE    the certificate, in PEM, of the authority that signed the registry's, if not the one in here"
  say "  --no-verify  do not ask the registry for an answer"
}

options() {
  dry_run='' ca='' verify=yes
  while [ $# -gt 0 ]; do
    case $1 in
      --dry-run) dry_run=yes ;;
      --no-verify) verify='' ;;
      --ca) [ $# -ge 2 ] || fail "--ca needs a file"; ca=$2; shift ;;
      --help | -h) usage; exit 0 ;;
      *) usage >&2; exit 2 ;;
    esac
    shift
  done
  if [ "$TRUST" = ca ] && [ ! -f "$ca" ]; then
    if [ -n "$ca" ] || [ -z "$AUTHORITY" ]; then fail "Give the authority's certificate: sh $SCRIPT --ca ca.crt"; fi
  fi
  if [ "$AS_ROOT" = yes ] && [ -z "$dry_run" ] && [ "$(id -u)" -ne 0 ]; then
    fail "Run this as root, or look first: sh $SCRIPT --dry-run"
  fi
  work=$(mktemp -d "${TMPDIR:-/tmp}/humpback.XXXXXX") || fail "no folder for temporary files"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  changed=''
  : > "$work/before"
  if [ "$TRUST" = ca ] && [ -z "$ca" ]; then
    ca=$work/ca.crt
    printf '%s\n' "$AUTHORITY" > "$ca"
    if [ -n "$FINGERPRINT" ]; then say "the authority's fingerprint (SHA-256): $FINGERPRINT"; fi
  fi
}

# Exchanges the file $1 for $2 if they differ, and remembers what was there. The file is exchanged by a rename, so
# that no reader sees half of it; owner and mode stay.
put() {
  if [ -e "$1" ] && cmp -s "$1" "$2"; then
    say "unchanged: $1"
    return 0
  fi
  changed=yes
  if [ -n "$dry_run" ]; then
    say "would change: $1"
    if [ -e "$1" ]; then diff -u "$1" "$2" || :; else sed 's/^/+/' "$2"; fi
    return 0
  fi
  remember "$1"
  put_target=$1
  if [ -L "$1" ]; then put_target=$(readlink -f "$1") || fail "$1 leads nowhere"; fi
  mkdir -p "$(dirname "$put_target")"
  put_new=$put_target.humpback.$$
  if [ -e "$put_target" ]; then cp -p "$put_target" "$put_new"; else : > "$put_new"; chmod 0644 "$put_new"; fi
  cat "$2" > "$put_new"
  mv -f "$put_new" "$put_target"
  say "changed: $1"
}

# Takes the file $1 away, if it is there.
put_away() {
  [ -e "$1" ] || return 0
  changed=yes
  if [ -n "$dry_run" ]; then
    say "would remove: $1"
    return 0
  fi
  remember "$1"
  rm -f "$1"
  say "removed: $1"
}

# Copies the file $1 aside, and notes it for the way back.
remember() {
  remember_copy=''
  if [ -e "$1" ]; then
    remember_copy=$1.bak.$(date +%Y%m%d%H%M%S)
    while [ -e "$remember_copy" ]; do remember_copy=$remember_copy.1; done
    cp -p "$1" "$remember_copy"
    say "copied: $1 to $remember_copy"
  fi
  printf '%s\n%s\n' "$1" "$remember_copy" >> "$work/before"
}

# Puts every file back as it was.
roll_back() {
  while IFS= read -r back_file && IFS= read -r back_copy; do
    if [ -n "$back_copy" ]; then cat "$back_copy" > "$back_file"; else rm -f "$back_file"; fi
    say "put back: $back_file"
  done < "$work/before"
}

# The status with which the registry answers; 000 if it does not, nothing if there is no program to ask with.
status() {
  command -v curl > /dev/null 2>&1 || return 0
  if [ "$TRUST" = ca ]; then
    curl -gsS --cacert "$ca" -o /dev/null -w '%{http_code}' --max-time 10 "$URL/v2/" || :
  else
    curl -gsS -o /dev/null -w '%{http_code}' --max-time 10 "$URL/v2/" || :
  fi
}

# 401 is an answer, too: it asks for a sign-in.
reach() {
  [ -n "$verify" ] || return 0
  case $(status) in
    200 | 401) say "the registry answers: $URL" ;;
    '') say "there is no curl to ask the registry with" ;;
    503) fail "The registry at $URL is disabled in its System Config." ;;
    *) fail "The registry does not answer properly at $URL. Nothing was changed. (--no-verify goes on nevertheless)" ;;
  esac
}

# Puts the authority into the registry's folder below $1.
install_ca() {
  if [ "$TRUST" = ca ]; then put "$1/$REGISTRY/ca.crt" "$ca"; fi
}

done_or_dry() {
  if [ -n "$dry_run" ]; then
    if [ -n "$changed" ]; then say "dry run: nothing was changed"; else say "nothing has to be changed"; fi
    exit 0
  fi
  if [ -z "$changed" ]; then
    say "nothing had to be changed"
    exit 0
  fi
}
