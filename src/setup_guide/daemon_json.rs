//! The key in `/etc/docker/daemon.json`, and adding it without losing what stands there.
//!
//! Never `cat > daemon.json` (destroys settings) and never `tee -a` (two objects are not JSON).

use super::{Language, Note, Place, Snippet, Step, StepKind};

/// The daemon's configuration file, read from Docker 1.10.
pub(super) const FILE: &str = "/etc/docker/daemon.json";

/// Keeps other keys and other registries, makes a dated copy, leaves the file untouched when it is not JSON, and
/// changes nothing the second time. The file is exchanged by a rename, so that no reader sees half of it.
/// Nothing may follow the subshell with `&&` or `||`: a shell ignores `set -e` inside such a command.
const MERGE: &str = r#"(
  set -eu
  f=@FILE@
  r='@PREFIX@'
  d=$(dirname "$f")
  mkdir -p "$d"
  t=$(mktemp "$d/.daemon.json.XXXXXX")
  trap 'rm -f "$t" "$t.in"' EXIT
  if [ -s "$f" ]; then cp -p "$f" "$f.bak.$(date +%Y%m%d%H%M%S)"; cat "$f" > "$t.in"; else echo '{}' > "$t.in"; fi
  if command -v jq >/dev/null 2>&1; then
    jq --arg r "$r" '.["insecure-registries"] |= ((. // []) | if index($r) then . else . + [$r] end)' "$t.in" > "$t"
  else
    python3 - "$t.in" "$r" > "$t" <<'PY'
import json, sys
with open(sys.argv[1], encoding="utf-8-sig") as f:
    d = json.load(f)
l = d.setdefault("insecure-registries", [])
if sys.argv[2] not in l:
    l.append(sys.argv[2])
json.dump(d, sys.stdout, indent=2, ensure_ascii=False)
print()
PY
  fi
  chmod 0644 "$t"
  mv "$t" "$f"
  cat "$f"
)"#;

/// Adds the key: first as it is to be, then as commands.
pub(super) fn merge(place: &Place) -> Step {
    Step::new(
        StepKind::MergeDaemonJson,
        [
            Snippet::content(FILE, Language::Json, key(place)),
            Snippet::run(MERGE.replace("@FILE@", FILE).replace("@PREFIX@", place.prefix())),
        ],
    )
    .note(Note::PluralList)
    .note(Note::DaemonJsonSince)
}

/// The file as it is when it holds nothing else.
fn key(place: &Place) -> String {
    format!("{{\n  \"insecure-registries\": [\"{}\"]\n}}", place.prefix())
}

/// Has the daemon read the file without starting.
pub(super) fn validate() -> Step {
    Step::new(
        StepKind::Validate,
        [Snippet::run(format!("dockerd --validate --config-file {FILE}")), Snippet::output("configuration OK")],
    )
    .note(Note::ValidateSince)
}

/// Makes the daemon read the file again; containers go on running.
pub(super) fn reload() -> Step {
    Step::new(StepKind::Reload, [Snippet::run("systemctl reload docker")]).note(Note::ReloadSince)
}
