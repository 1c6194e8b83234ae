# registries.yaml with the registry in it. Lines are added; what is not written line by line is left alone.
edit_yaml() {
  : > "$work/old"
  if [ -e "$FILE" ]; then cat "$FILE" > "$work/old"; fi
  if [ "$TRUST" = http ]; then key=mirrors; else key=configs; fi
  if [ "$TRUST" = tls ]; then
    if grep -qF -e "http://$REGISTRY" "$work/old"; then by_hand "$FILE still names http://$REGISTRY: take that out."; fi
    return 0
  fi
  if grep -qE '^[[:space:]]*[^#[:space:]].*[{&*!|>]|^(---|\.\.\.)' "$work/old"; then
    by_hand "$FILE uses more of YAML than lines can be added to."
  fi
  awk -v key="$key" -v name="$REGISTRY" '
    /^[^ #]/ { inside = ($0 ~ "^" key ":") }
    inside && index($0, name) && $0 ~ /^ +["\047]?[^ -].*:[ \t]*(#.*)?$/ { found = 1 }
    END { exit !found }
  ' "$work/old" && known=yes || known=''
  if [ -n "$known" ]; then
    if [ "$TRUST" = http ]; then wanted="http://$REGISTRY"; else wanted=$CERTS/$REGISTRY/ca.crt; fi
    grep -qF -e "$wanted" "$work/old" || by_hand "$FILE knows $REGISTRY already, with something else."
    return 0
  fi
  lines > "$work/lines"
  if grep -q "^$key:" "$work/old"; then
    grep -qE "^$key:[[:space:]]*(#.*)?\$" "$work/old" || by_hand "The key $key in $FILE is not followed by lines."
    # At the indentation of what stands there.
    awk -v key="$key" -v add="$work/lines" '
      function insert(indent, line) { while ((getline line < add) > 0) print indent line; inserted = 1 }
      waiting && /^ *[^ #]/ {
        match($0, /^ */)
        insert(RLENGTH > 0 ? substr($0, 1, RLENGTH) : "  ")
        waiting = 0
      }
      { print }
      $0 ~ "^" key ":" { waiting = 1 }
      END { if (waiting) insert("  ") }
    ' "$work/old" > "$work/new"
  else
    cat "$work/old" > "$work/new"
    if [ -s "$work/old" ] && [ -n "$(tail -c 1 "$work/old")" ]; then printf '\n' >> "$work/new"; fi
    { printf '%s:\n' "$key"; sed 's/^/  /' "$work/lines"; } >> "$work/new"
  fi
  put "$FILE" "$work/new"
}

lines() {
  if [ "$TRUST" = http ]; then
    printf '"%s":\n  endpoint:\n    - "http://%s"\n' "$REGISTRY" "$REGISTRY"
  else
    printf '"%s":\n  tls:\n    ca_file: "%s"\n' "$REGISTRY" "$CERTS/$REGISTRY/ca.crt"
  fi
}

main() {
  options "$@"
  reach
  install_ca "$CERTS"
  edit_yaml
  done_or_dry
  say "starting anew: $RESTART"
  sh -c "$RESTART" || { roll_back; sh -c "$RESTART" || :; fail "It did not start, so everything was put back."; }
  say "done: $REGISTRY is set up on this node"
}
