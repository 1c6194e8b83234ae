main() {
  options "$@"
  reach
  move_flags
  # certs.d needs no restart: so what follows it is asked whether it changed anything.
  install_ca "$CERTS"
  certificate=$changed
  changed=''
  edit_daemon_json
  put_moved
  check_daemon_json
  if [ -z "$dry_run" ] && [ -z "$changed" ] && [ -n "$certificate" ]; then
    say "done: Docker trusts the authority for $REGISTRY"
    exit 0
  fi
  if [ -n "$certificate" ]; then changed=yes; fi
  done_or_dry
  apply_or_roll_back
}
