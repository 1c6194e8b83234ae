//! The same fields in every line of the log (`log.fields`): which service it is, and where it runs.

use std::fmt::{self, Write as _};

use tracing::{Event, Subscriber};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

/// Writes lines as `inner` does, with the fields in each.
pub struct WithFields<F> {
    inner: F,
    /// Stands where the line begins: after the brace of a JSON object.
    front: String,
    /// Stands at the end of a line of text.
    back: String,
}

impl<F> WithFields<F> {
    /// Lines of text: ` name=value` at their end.
    pub fn text(inner: F, fields: &[(String, String)]) -> Self {
        let mut back = String::new();
        for (name, value) in fields {
            let quoted = value.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"');
            // Writing to a string can't fail.
            let _ = if quoted { write!(back, " {name}={value:?}") } else { write!(back, " {name}={value}") };
        }
        Self { inner, front: String::new(), back }
    }

    /// JSON objects: the fields first.
    pub fn json(inner: F, fields: &[(String, String)]) -> Self {
        let mut front = String::new();
        for (name, value) in fields {
            let (name, value) = (serde_json::Value::from(name.as_str()), serde_json::Value::from(value.as_str()));
            let _ = write!(front, "{name}:{value},");
        }
        Self { inner, front, back: String::new() }
    }
}

impl<S, N, F> FormatEvent<S, N> for WithFields<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        if self.front.is_empty() && self.back.is_empty() {
            return self.inner.format_event(context, writer, event);
        }
        let mut line = String::new();
        self.inner.format_event(context, Writer::new(&mut line), event)?;
        if let Some(rest) = line.strip_prefix('{').filter(|_| !self.front.is_empty()) {
            return write!(writer, "{{{}{rest}", self.front);
        }
        writeln!(writer, "{}{}", line.trim_end_matches('\n'), self.back)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use tracing_subscriber::fmt::{MakeWriter, format::JsonFields};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    impl Lines {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    fn fields() -> Vec<(String, String)> {
        [("service", "registry"), ("stage", "a \"b\"")].map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    #[test]
    fn a_line_of_json_stays_an_object_with_the_fields_in_it() {
        let lines = Lines::default();
        let format = tracing_subscriber::fmt::format().json().flatten_event(true);
        let log = tracing_subscriber::fmt().with_writer(lines.clone()).fmt_fields(JsonFields::new());
        let log = log.event_format(WithFields::json(format, &fields())).finish();
        tracing::subscriber::with_default(log, || tracing::info!(size = 7, "Pushed"));
        let line: serde_json::Value = serde_json::from_str(&lines.text()).unwrap();
        assert_eq!((&line["service"], &line["stage"]), (&"registry".into(), &"a \"b\"".into()));
        assert_eq!((&line["message"], &line["size"]), (&"Pushed".into(), &7.into()));
    }

    #[test]
    fn a_line_of_text_ends_with_the_fields() {
        let lines = Lines::default();
        let format = tracing_subscriber::fmt::format().with_target(false).with_ansi(false).without_time();
        let log = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false);
        let log = log.event_format(WithFields::text(format, &fields())).finish();
        tracing::subscriber::with_default(log, || tracing::info!(size = 7, "Pushed"));
        assert_eq!(lines.text(), " INFO Pushed size=7 service=registry stage=\"a \\\"b\\\"\"\n");
    }
}
