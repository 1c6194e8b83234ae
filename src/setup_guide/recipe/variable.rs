//! The flag in a variable, for Docker that is older than daemon.json or whose unit passes one.

use super::{
    super::{Language, Note, Snippet, Step, StepKind},
    Site,
};

/// Edits the line in place: systemd does not expand variables inside an EnvironmentFile. Flags that stand there
/// stay; a line commented out stays so.
const EDIT: &str = r#"(
  set -eu
  f=@FILE@
  r='@PREFIX@'
  flag="--insecure-registry $r"
  listed() { grep -v '^[[:space:]]*#' "$f" | grep -e '--insecure-registry' | tr -s "'\"= \t" '\n' | grep -qxF -e "$r"; }
  cp -p "$f" "$f.bak.$(date +%Y%m%d%H%M%S)"
  if listed; then
    echo "$r is there already"
  elif grep -Eq '^[[:space:]]*@VARIABLE@=' "$f"; then
    sed -i -E "s|^[[:space:]]*@VARIABLE@=(['\"]?)([^'\"]*)\1[[:space:]]*\$|@VARIABLE@='\2 $flag'|" "$f"
  else
    printf "\n@VARIABLE@='%s'\n" "$flag" >> "$f"
  fi
  grep -n '^@VARIABLE@' "$f" || true
  listed || { echo "please edit $f by hand" >&2; exit 1; }
)"#;

/// Sets the variable in a file that systemd reads.
pub(super) fn edit(site: &Site, file: &'static str, variable: &str) -> Step {
    let line = format!("{variable}='--insecure-registry {}'", site.prefix());
    let commands = EDIT.replace("@FILE@", file).replace("@VARIABLE@", variable).replace("@PREFIX@", site.prefix());
    set(StepKind::SetVariable, file, variable, line, commands).note(Note::NotExpanded)
}

/// Extends the variable in a file that a shell sources.
pub(super) fn extend(site: &Site, kind: StepKind, file: &'static str, variable: &str) -> Step {
    let line = format!("{variable}=\"${variable} --insecure-registry {}\"", site.prefix());
    let commands = append_line(file, &line);
    set(kind, file, variable, line, commands).note(Note::Sourced)
}

fn set(kind: StepKind, file: &str, variable: &str, line: String, commands: String) -> Step {
    Step::new(kind, [Snippet::content(file, Language::Variables, line), Snippet::run(commands)])
        .value("file", file)
        .value("variable", variable)
}

/// Appends `line` to `file` unless it is there, after a dated copy. Only for files that a shell sources.
fn append_line(file: &str, line: &str) -> String {
    format!(
        "f={file}\n\
         line='{line}'\n\
         [ ! -e \"$f\" ] || cp -p \"$f\" \"$f.bak.$(date +%Y%m%d%H%M%S)\"\n\
         grep -sqxF -e \"$line\" \"$f\" || printf '\\n%s\\n' \"$line\" >> \"$f\"\n\
         grep -n 'insecure-registry' \"$f\""
    )
}
