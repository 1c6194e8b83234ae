//! The key in daemon.json, and adding it without losing what stands there.
//!
//! Never `cat > daemon.json` (destroys settings) and never `tee -a` (two objects are not JSON).

use super::{
    super::{Language, Note, Snippet, Step, StepKind},
    Site,
};

/// Where Docker's own packages and most distributions have it.
pub(in crate::setup_guide) const FILE: &str = "/etc/docker/daemon.json";

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

/// Adds the key to `file`: first as it is to be, then as commands.
pub(super) fn merge(site: &Site, file: &'static str) -> Step {
    let commands = MERGE.replace("@FILE@", file).replace("@PREFIX@", site.prefix());
    Step::new(StepKind::MergeDaemonJson, [content(site, file), Snippet::run(commands)])
        .value("file", file)
        .note(Note::PluralList)
}

/// The file as it is when it holds nothing else.
pub(super) fn content(site: &Site, file: &str) -> Snippet {
    let key = format!("{{\n  \"insecure-registries\": [\"{}\"]\n}}", site.prefix());
    Snippet::content(file, Language::Json, key)
}
