# The registries that flags in the file $1 name, outside of comments.
flags_in() {
  [ -f "$1" ] || return 0
  awk '
    /^[ \t]*[#;]/ { next }
    {
      gsub(/["\047\\]/, " ")
      gsub(/--insecure-registry/, " &")
      n = split($0, word, /[ \t]+/)
      for (i = 1; i <= n; i++) {
        if (word[i] ~ /^--insecure-registry=./) print substr(word[i], 21)
        else if (word[i] == "--insecure-registry" && i < n && word[i + 1] ~ /^[^-$]/) print word[i + 1]
      }
    }
  ' "$1"
}

# Prints the file $1 without these flags.
without_flags() {
  sed -E -e '/^[[:space:]]*[#;]/b' \
    -e "s/[[:space:]]*--insecure-registry([[:space:]]+|=)[^[:space:]\"'\\\\]+//g" \
    -e '/^[[:space:]]*\\$/d' "$1"
}

# The files that give the daemon flags. A variable file counts only where the unit or the start script reads it.
flag_files() {
  if command -v systemctl > /dev/null 2>&1 && systemctl cat docker > "$work/unit" 2> /dev/null; then
    sed -n 's|^# \(/.*\)$|\1|p' "$work/unit"
    for file in /etc/sysconfig/docker /etc/default/docker; do
      if grep -q "^EnvironmentFile=-*$file\$" "$work/unit"; then say "$file"; fi
    done
  else
    for file in /etc/sysconfig/docker /etc/default/docker /etc/conf.d/docker; do
      if [ -f "$file" ]; then say "$file"; fi
    done
  fi
}

# Flags and daemon.json together stop the daemon: what flags name moves into daemon.json.
move_flags() {
  moved=''
  [ "$FLAG_FILES" = yes ] || return 0
  flag_files | sort -u > "$work/files"
  number=0
  while IFS= read -r file; do
    names=$(flags_in "$file")
    [ -n "$names" ] || continue
    number=$((number + 1))
    without_flags "$file" > "$work/flags.$number"
    if [ -n "$(flags_in "$work/flags.$number")" ]; then by_hand "$file names registries in a way that cannot be edited."; fi
    printf '%s\n%s\n' "$file" "$work/flags.$number" >> "$work/moves"
    moved="$moved $names"
  done < "$work/files"
}

put_moved() {
  [ -n "$moved" ] || return 0
  while IFS= read -r file && IFS= read -r new; do put "$file" "$new"; done < "$work/moves"
}

# What names and what takes out the registry in daemon.json.
edit_daemon_json() {
  others=''
  for name in $moved; do [ "$name" = "$REGISTRY" ] || others="$others $name"; done
  if [ "$TRUST" = http ]; then add="$others $REGISTRY" gone=''; else add=$others gone=$REGISTRY; fi
  merge_json "$FILE" "$add" "$gone" > "$work/daemon.json" || by_hand "$FILE cannot be merged."
  # A file that is not there and would say nothing is not made.
  if [ -e "$FILE" ] || [ -s "$work/daemon.json" ]; then put "$FILE" "$work/daemon.json"; fi
}

check_daemon_json() {
  [ -z "$dry_run" ] && [ -n "$changed" ] && [ -e "$FILE" ] || return 0
  command -v dockerd > /dev/null 2>&1 && dockerd --help 2>&1 | grep -q -e '--validate' || return 0
  dockerd --validate --config-file "$FILE" > "$work/validate" 2>&1 && return 0
  cat "$work/validate" >&2
  roll_back
  fail "Docker does not take the file, so everything was put back."
}

# Has the daemon notice: reading again leaves containers alone, starting anew may stop them.
apply() {
  if [ -n "$moved" ] && command -v systemctl > /dev/null 2>&1; then systemctl daemon-reload || return 1; fi
  if [ -n "$RELOAD" ] && [ -z "$moved" ]; then
    say "reading the configuration again: $RELOAD"
    sh -c "$RELOAD"
  else
    say "starting Docker anew: $RESTART"
    sh -c "$RESTART"
  fi
}

# Whether the daemon runs and knows what it should; it may need a while.
works() {
  if ! command -v docker > /dev/null 2>&1; then
    say "there is no docker in the PATH to ask whether it works"
    return 0
  fi
  tries=0
  until docker info > "$work/info" 2> /dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || return 1
    sleep 1
  done
  # The list is there since Docker 1.12.
  grep -q '^ *Insecure Registries:' "$work/info" || return 0
  tries=0
  until listed; do
    tries=$((tries + 1))
    [ "$tries" -lt 10 ] || return 1
    sleep 1
    docker info > "$work/info" 2> /dev/null || return 1
  done
}

listed() {
  if sed -n '/^ *Insecure Registries:/,$p' "$work/info" | sed 's/^ *//' | grep -qxF -e "$REGISTRY"; then
    [ "$TRUST" = http ]
  else
    [ "$TRUST" != http ]
  fi
}

apply_or_roll_back() {
  if [ -z "$RESTART" ]; then
    say "done: now start the application anew, so that it reads $FILE"
    return 0
  fi
  if apply && works; then
    say "done: Docker takes $REGISTRY as it should"
    return 0
  fi
  roll_back
  apply || :
  fail "Docker did not come to work with it, so everything was put back. Its log says why (journalctl -u docker)."
}
