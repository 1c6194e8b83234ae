//! CentOS 7 with the distribution's own docker (1.8 to 1.13): the unit reads `/etc/sysconfig/docker` as an
//! EnvironmentFile and passes `$INSECURE_REGISTRY`. docker-ce takes daemon.json instead, see `linux`.

use super::{
    Condition, Language, Note, Place, Snippet, Step, StepKind,
    common::{find_conflicts, first_push, reach, restart_systemd, verify_info, verify_process},
};

const FILE: &str = "/etc/sysconfig/docker";
const DROP_IN: &str = "/etc/systemd/system/docker.service.d/10-insecure-registry.conf";

/// Edits the line in place: systemd does not expand variables inside an EnvironmentFile. Flags that stand there
/// stay; a line commented out stays so.
const SET: &str = r#"(
  set -eu
  f=@FILE@
  r='@PREFIX@'
  flag="--insecure-registry $r"
  listed() { grep -v '^[[:space:]]*#' "$f" | grep -e '--insecure-registry' | tr -s "'\"= \t" '\n' | grep -qxF -e "$r"; }
  cp -p "$f" "$f.bak.$(date +%Y%m%d%H%M%S)"
  if listed; then
    echo "$r is there already"
  elif grep -Eq '^[[:space:]]*INSECURE_REGISTRY=' "$f"; then
    sed -i -E "s|^[[:space:]]*INSECURE_REGISTRY=(['\"]?)([^'\"]*)\1[[:space:]]*\$|INSECURE_REGISTRY='\2 $flag'|" "$f"
  else
    printf "\nINSECURE_REGISTRY='%s'\n" "$flag" >> "$f"
  fi
  grep -n '^INSECURE_REGISTRY' "$f" || true
  listed || { echo "please edit $f by hand" >&2; exit 1; }
)"#;

/// The form that works.
pub(super) fn sysconfig(place: &Place) -> Vec<Step> {
    vec![
        reach(place),
        check_unit().note(Note::CeIgnoresSysconfig),
        find_conflicts(),
        set(place).note(Note::RegistriesConf),
        restart_systemd(),
        verify_process(place, "/usr/bin/dockerd-current"),
        verify_info(place),
        first_push(place),
    ]
}

/// The form as printed: the value lacks its flag, and the unit is edited where updates replace it.
pub(super) fn original(place: &Place) -> Vec<Step> {
    let prefix = place.prefix();
    vec![
        reach(place),
        Step::new(StepKind::AsPrinted, [Snippet::refuted(FILE, format!("INSECURE_REGISTRY=\"{prefix}\""))])
            .note(Note::FlagMissing),
        set(place),
        check_unit(),
        drop_in(),
        restart_systemd(),
        verify_process(place, "/usr/bin/dockerd"),
        first_push(place),
    ]
}

fn set(place: &Place) -> Step {
    let line = format!("INSECURE_REGISTRY='--insecure-registry {}'", place.prefix());
    let commands = SET.replace("@FILE@", FILE).replace("@PREFIX@", place.prefix());
    Step::new(StepKind::SetVariable, [Snippet::content(FILE, Language::Variables, line), Snippet::run(commands)])
        .note(Note::NotExpanded)
}

/// The unit has to name the file and the variable.
fn check_unit() -> Step {
    Step::new(
        StepKind::CheckUnit,
        [
            Snippet::run("systemctl cat docker | grep -E 'EnvironmentFile|ExecStart|INSECURE_REGISTRY'"),
            Snippet::output(
                "EnvironmentFile=-/etc/sysconfig/docker\n\
                 ExecStart=/usr/bin/docker daemon -H fd:// $OPTIONS $INSECURE_REGISTRY",
            ),
        ],
    )
}

/// Where the unit does not: a drop-in, which updates leave alone. Its command is the unit's own with the variable
/// added, so it is shown first.
fn drop_in() -> Step {
    let directory = DROP_IN.rsplit_once('/').map_or(DROP_IN, |(directory, _)| directory);
    Step::new(
        StepKind::DropIn,
        [
            Snippet::run(format!("mkdir -p {directory}\nsystemctl cat docker | sed -n '/^ExecStart=/,/[^\\\\]$/p'")),
            Snippet::content(
                DROP_IN,
                Language::Unit,
                "[Service]\n\
                 EnvironmentFile=-/etc/sysconfig/docker\n\
                 ExecStart=\n\
                 ExecStart=/usr/bin/docker daemon -H fd:// $OPTIONS $INSECURE_REGISTRY",
            ),
            Snippet::run("systemctl daemon-reload"),
        ],
    )
    .only(Condition::UnitLacksVariable)
    .note(Note::VendorUnit)
    .note(Note::CopyCommand)
}
