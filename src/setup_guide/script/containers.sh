main() {
  options "$@"
  reach
  conf=${DROP_INS%.d}
  drop_in=$DROP_INS/$DROP_IN_NAME
  install_ca "$CERTS"
  if [ "$TRUST" = http ]; then
    # With one line of version 1 in the main file, a drop-in breaks every image command.
    if grep -qs '^[[:space:]]*\[registries\.' "$conf" /etc/containers/registries.conf; then
      by_hand "registries.conf is written in version 1: add the registry to [registries.insecure] there."
    fi
    printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$REGISTRY" > "$work/new"
    put "$drop_in" "$work/new"
  else
    put_away "$drop_in"
  fi
  done_or_dry
  if [ -n "$RESTART" ]; then
    say "starting anew: $RESTART"
    sh -c "$RESTART" || { roll_back; sh -c "$RESTART" || :; fail "It did not start, so everything was put back."; }
  fi
  if command -v podman > /dev/null 2>&1 && ! podman info > /dev/null 2> "$work/error"; then
    cat "$work/error" >&2
    roll_back
    fail "Podman does not work with it, so everything was put back."
  fi
  say "done: $REGISTRY is set up"
}
