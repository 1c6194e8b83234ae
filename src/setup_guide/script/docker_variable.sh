# The file with the flag in the variable, or without it.
edit_variable() {
  : > "$work/old"
  if [ -e "$FILE" ]; then cat "$FILE" > "$work/old"; fi
  cat "$work/old" > "$work/new"
  if flags_in "$work/old" | grep -qxF -e "$REGISTRY"; then
    [ "$TRUST" != http ] || return 0
    by_hand "$FILE names $REGISTRY as insecure: take the flag out."
  fi
  [ "$TRUST" = http ] || return 0
  flag="--insecure-registry $REGISTRY"
  # A last line that is not ended would swallow what follows.
  if [ -s "$work/new" ] && [ -n "$(tail -c 1 "$work/new")" ]; then printf '\n' >> "$work/new"; fi
  if [ "$SOURCED" = yes ]; then
    printf '%s="$%s %s"\n' "$VARIABLE" "$VARIABLE" "$flag" >> "$work/new"
  elif grep -q "^[[:space:]]*$VARIABLE=" "$work/old"; then
    # systemd does not expand variables in the file: the line itself is edited.
    sed -E "s#^[[:space:]]*$VARIABLE=(['\"]?)([^'\"]*)\\1[[:space:]]*\$#$VARIABLE='\\2 $flag'#" "$work/old" > "$work/new"
  else
    printf "%s='%s'\n" "$VARIABLE" "$flag" >> "$work/new"
  fi
  flags_in "$work/new" | grep -qxF -e "$REGISTRY" || by_hand "The line $VARIABLE= in $FILE cannot be edited."
}

main() {
  options "$@"
  reach
  install_ca "$CERTS"
  certificate=$changed
  changed=''
  moved=''
  if [ "$TRUST" = http ] && [ -s /etc/docker/daemon.json ] && grep -q '"insecure-registries"' /etc/docker/daemon.json; then
    by_hand "/etc/docker/daemon.json names insecure registries: together with a flag that stops Docker. Add the registry there."
  fi
  edit_variable
  if [ -e "$FILE" ] || [ -s "$work/new" ]; then put "$FILE" "$work/new"; fi
  if [ -z "$dry_run" ] && [ -z "$changed" ] && [ -n "$certificate" ]; then
    say "done: Docker trusts the authority for $REGISTRY"
    exit 0
  fi
  if [ -n "$certificate" ]; then changed=yes; fi
  done_or_dry
  apply_or_roll_back
}
