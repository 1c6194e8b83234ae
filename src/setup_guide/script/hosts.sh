# hosts.toml of this registry. An existing one gets the host's table behind the others.
edit_hosts() {
  file=$FOLDER/$REGISTRY/hosts.toml
  : > "$work/hosts"
  if [ "$TRUST" = tls ]; then
    if grep -qs -e "http://" -e '^[[:space:]]*skip_verify[[:space:]]*=[[:space:]]*true' "$file"; then
      by_hand "$file still allows what is not verified: take that out."
    fi
    return 0
  fi
  if [ -s "$file" ]; then
    if grep -qF -e "[host.\"$OTHER_URL\"]" "$file"; then by_hand "$file names the registry by $OTHER_URL: that would be tried, too."; fi
    cat "$file" > "$work/hosts"
    if grep -qF -e "[host.\"$URL\"]" "$file"; then
      if [ "$TRUST" = ca ] && ! grep -q '^[[:space:]]*ca[[:space:]]*=' "$file"; then by_hand "$file names no authority for $URL."; fi
    else
      if [ -n "$(tail -c 1 "$file")" ]; then printf '\n' >> "$work/hosts"; fi
      printf '\n' >> "$work/hosts"
      host_table >> "$work/hosts"
    fi
  else
    { printf 'server = "%s"\n\n' "$URL"; host_table; } > "$work/hosts"
  fi
  put "$file" "$work/hosts"
}

host_table() {
  printf '[host."%s"]\n  capabilities = ["pull", "resolve", "push"]\n' "$URL"
  if [ "$TRUST" = ca ]; then printf '  ca = "ca.crt"\n'; fi
}

# The configuration has to name the folder. Only this needs containerd to start anew.
edit_config() {
  config_changed=''
  if [ -z "$CONFIG" ] || [ "$TRUST" = tls ]; then return 0; fi
  if ! command -v containerd > /dev/null 2>&1; then
    say "there is no containerd in the PATH: see for yourself that $CONFIG names $FOLDER"
    return 0
  fi
  if containerd config dump 2> /dev/null | grep -qE "^[[:space:]]*config_path[[:space:]]*=[[:space:]]*['\"]([^'\"]*:)?$FOLDER(:|['\"])"; then return 0; fi
  : > "$work/old"
  if [ -e "$CONFIG" ]; then cat "$CONFIG" > "$work/old"; fi
  if grep -qE '^[[:space:]]*config_path[[:space:]]*=[[:space:]]*["'\''][^"'\'']' "$work/old"; then
    by_hand "$CONFIG names another folder of registries."
  fi
  if grep -qE '\.registry\.(mirrors|configs)' "$work/old"; then
    by_hand "$CONFIG has registry.mirrors or registry.configs, which do not go together with config_path."
  fi
  version=$(sed -n 's/^[[:space:]]*version[[:space:]]*=[[:space:]]*\([0-9]*\).*/\1/p' "$work/old" | head -n 1)
  if [ ! -s "$work/old" ]; then version=2; printf 'version = 2\n' > "$work/old"; fi
  case $version in
    2) plugin=io.containerd.grpc.v1.cri ;;
    3) plugin=io.containerd.cri.v1.images ;;
    *) by_hand "$CONFIG does not say version = 2 or version = 3." ;;
  esac
  awk -v plugin="$plugin" -v folder="$FOLDER" '
    { line = $0; gsub(/[ \t"\047]/, "", line) }
    line == "[plugins." plugin ".registry]" { print; print "  config_path = \"" folder "\""; inside = 1; found = 1; next }
    line ~ /^\[/ { inside = 0 }
    inside && line ~ /^config_path=/ { next }
    { print }
    END { if (!found) printf "\n[plugins.\"%s\".registry]\n  config_path = \"%s\"\n", plugin, folder }
  ' "$work/old" > "$work/config"
  changed_before=$changed
  changed=''
  put "$CONFIG" "$work/config"
  config_changed=$changed
  if [ -n "$changed_before" ]; then changed=yes; fi
}

main() {
  options "$@"
  reach
  install_ca "$FOLDER"
  edit_hosts
  edit_config
  done_or_dry
  if [ -n "$config_changed" ] || [ -n "$RESTART" ]; then
    restart=${RESTART:-systemctl restart containerd}
    say "starting anew: $restart"
    sh -c "$restart" || { roll_back; sh -c "$restart" || :; fail "It did not start, so everything was put back."; }
  fi
  say "done: $REGISTRY is set up"
}
