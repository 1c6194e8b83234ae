//! `config check` and `config show`: what becomes of a configuration, for people and for programs.

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use humpback::settings::{self, Effective, Finding, Origin, Override, Problem, Verdict};
use serde_json::{Value, json};

use crate::{cli::refuse, configuration};

/// Explains the file. The exit code is 2 if the server would not start with it.
pub fn check(file: &Path, json: bool) -> ExitCode {
    let (path, text) = match configuration::read(file) {
        Ok(read) => read,
        Err(error) => return refuse(&error),
    };
    let name = path.display().to_string();
    let findings = settings::explain(&name, &text);
    let starts = !findings.iter().any(|finding| finding.verdict.is_fatal());
    let told = if json {
        let keys: Vec<_> = findings.iter().map(finding_json).collect();
        tell(&format!("{:#}\n", json!({ "file": name, "starts": starts, "keys": keys })))
    } else {
        tell(&explanation(&name, &findings, starts))
    };
    match (told, starts) {
        (Err(error), _) => refuse(&error),
        (Ok(()), true) => ExitCode::SUCCESS,
        (Ok(()), false) => ExitCode::from(2),
    }
}

/// Shows what is in force with this file, the environment and these options.
pub fn show(file: Option<&Path>, overrides: Vec<Override>, json: bool) -> ExitCode {
    let configuration = match configuration::load(file, overrides) {
        Ok(configuration) => configuration,
        Err(error) => return refuse(&error),
    };
    let file = configuration.file.as_deref().map(|file| file.display().to_string());
    let values = configuration.loaded.effective();
    let ignored = &configuration.loaded.ignored;
    let told = if json {
        let values: Vec<_> = values.iter().map(effective_json).collect();
        let ignored: Vec<_> = ignored.iter().map(problem_json).collect();
        tell(&format!("{:#}\n", json!({ "file": file, "values": values, "ignored": ignored })))
    } else {
        tell(&table(file.as_deref(), &values, ignored))
    };
    told.map_or_else(|error| refuse(&error), |()| ExitCode::SUCCESS)
}

/// To the standard output. Whoever closed it does not want to read on.
fn tell(text: &str) -> io::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn explanation(name: &str, findings: &[Finding], starts: bool) -> String {
    let mut out = format!("{name}\n");
    let place = |finding: &Finding| match &finding.origin {
        Origin::File { line, column, .. } => format!("{line}:{column}"),
        origin => origin.to_string(),
    };
    let width = findings.iter().map(|finding| place(finding).len()).max().unwrap_or_default();
    for finding in findings {
        let given =
            finding.value.as_ref().map_or_else(|| finding.key.clone(), |value| format!("{}: {value}", finding.key));
        let verdict = finding.verdict.as_str();
        out.push_str(&format!("{:>width$}  {verdict:<8}  {given}\n", place(finding)));
        out.push_str(&format!("{:>width$}            {}\n", "", finding.text));
    }
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    let counts: Vec<_> = [Verdict::Honoured, Verdict::Ignored, Verdict::Unknown, Verdict::Refused, Verdict::Wrong]
        .into_iter()
        .filter(|verdict| count(*verdict) > 0)
        .map(|verdict| format!("{} {}", count(verdict), verdict.as_str()))
        .collect();
    let end = if starts { "The server starts with this file." } else { "The server does not start with this file." };
    out.push_str(&format!("\n{}. {end}\n", counts.join(", ")));
    out
}

fn table(file: Option<&str>, values: &[Effective], ignored: &[Problem]) -> String {
    let mut out = format!("# Configuration file: {}\n", file.unwrap_or("none"));
    let line = |effective: &Effective| format!("{}: {}", effective.key, effective.value.as_deref().unwrap_or("(none)"));
    let width = values.iter().map(|effective| line(effective).chars().count().min(60)).max().unwrap_or_default();
    for effective in values {
        out.push_str(&format!("{:<width$}  # {}\n", line(effective), effective.origin));
    }
    if !ignored.is_empty() {
        out.push_str("\n# Without effect here:\n");
    }
    for problem in ignored {
        out.push_str(&format!("# {problem}\n"));
    }
    out
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "origin": origin_json(&finding.origin),
        "key": finding.key,
        "value": finding.value,
        "verdict": finding.verdict.as_str(),
        "text": finding.text,
    })
}

fn effective_json(effective: &Effective) -> Value {
    json!({ "key": effective.key, "value": effective.value, "origin": origin_json(&effective.origin) })
}

fn problem_json(problem: &Problem) -> Value {
    json!({ "origin": origin_json(&problem.origin), "key": problem.key, "text": problem.text })
}

fn origin_json(origin: &Origin) -> Value {
    match origin {
        Origin::Default => json!({ "kind": "default" }),
        Origin::File { name, line, column } => {
            json!({ "kind": "file", "file": &**name, "line": line, "column": column })
        }
        Origin::Variable(name) => json!({ "kind": "variable", "name": &**name }),
        Origin::Flag(name) => json!({ "kind": "option", "name": &**name }),
    }
}
