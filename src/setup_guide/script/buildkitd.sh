main() {
  options "$@"
  reach
  install_ca "$CERTS"
  : > "$work/old"
  if [ -e "$FILE" ]; then cat "$FILE" > "$work/old"; fi
  if grep -qF -e "[registry.\"$REGISTRY\"]" "$work/old"; then
    if [ "$TRUST" = http ]; then wanted='http = true'; else wanted="$CERTS/$REGISTRY/ca.crt"; fi
    if [ "$TRUST" = tls ] || ! grep -qF -e "$wanted" "$work/old"; then by_hand "$FILE knows $REGISTRY already."; fi
  elif [ "$TRUST" != tls ]; then
    cat "$work/old" > "$work/new"
    if [ -s "$work/old" ] && [ -n "$(tail -c 1 "$work/old")" ]; then printf '\n' >> "$work/new"; fi
    if [ -s "$work/old" ]; then printf '\n' >> "$work/new"; fi
    printf '[registry."%s"]\n' "$REGISTRY" >> "$work/new"
    if [ "$TRUST" = http ]; then printf '  http = true\n' >> "$work/new"; else printf '  ca = ["%s"]\n' "$CERTS/$REGISTRY/ca.crt" >> "$work/new"; fi
    put "$FILE" "$work/new"
  fi
  done_or_dry
  say "starting anew: $RESTART"
  sh -c "$RESTART" || { roll_back; sh -c "$RESTART" || :; fail "It did not start, so everything was put back."; }
  say "done: $REGISTRY is set up"
}
