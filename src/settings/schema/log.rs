//! `log`.

use super::{Key, Kind};

/// What `log.level` takes.
pub(in crate::settings) const LEVELS: &[&str] = &["error", "warn", "info", "debug"];

pub(super) const LOG: &[Key] = &[
    Key::holds("accesslog", Kind::Section(ACCESS_LOG)),
    Key::honoured("level", Kind::Choice(LEVELS), "events below this level are not logged").default("info"),
    Key::honoured("formatter", Kind::Choice(&["text", "json", "logstash"]), "how lines are written; logstash is json")
        .default("text"),
    Key::honoured("fields", Kind::Fields, "stand in every line of the log"),
    Key::ignored("hooks", Kind::Any, "the registry sends no mail: let what collects its log do that"),
    Key::ignored("reportcaller", Kind::Boolean, "JSON lines name the module that wrote them anyway"),
];

const ACCESS_LOG: &[Key] =
    &[Key::honoured("disabled", Kind::Boolean, "whether requests get no line in the log").default("false")];
