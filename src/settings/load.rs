//! Puts file, variables and options together, each over what comes before it.

use super::{
    Finding, Origin, Problem, Problems, Settings, Verdict,
    environment::{self, spell_out},
    inspect::inspect,
    read::{self, Remarks, Scope},
    yaml::{self, Node, Place, Value},
};

/// A value from our own options and variables, for one key of the file.
#[derive(Clone, Debug)]
pub struct Override {
    /// The key, with dots.
    pub key: &'static str,
    /// What it is set to.
    pub value: Given,
    /// Which option or variable gave it.
    pub origin: Origin,
}

/// What an [`Override`] sets.
#[derive(Clone, Debug)]
pub enum Given {
    /// One value, as it would stand in the file.
    One(String),
    /// A list.
    Many(Vec<String>),
}

/// Where settings come from; each counts more than those before it.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    /// The configuration file: its name, for messages, and its text.
    pub file: Option<(&'a str, &'a str)>,
    /// The environment, of which the `REGISTRY_…` variables are looked at.
    pub variables: Vec<(String, String)>,
    /// Our own variables, then our own options.
    pub overrides: Vec<Override>,
}

/// The settings, and what is to be said about them.
pub struct Loaded {
    /// Every value that is honoured.
    pub settings: Settings,
    /// What was given and has no effect.
    pub ignored: Vec<Problem>,
    /// The keys, with all that was given.
    pub(super) tree: Node,
}

/// Reads the settings.
///
/// # Errors
/// All that is wrong, not only the first of it.
pub fn load(sources: Sources<'_>) -> Result<Loaded, Problems> {
    let (loaded, findings, problems) = read(sources);
    let mut problems = problems;
    problems.extend(findings.iter().filter(|finding| finding.verdict.is_fatal()).map(Finding::problem));
    sort(&mut problems);
    if problems.is_empty() { Ok(loaded) } else { Err(Problems(problems)) }
}

/// What becomes of each key of a file, in its order, with what is wrong with the file as a whole first.
pub fn explain(name: &str, text: &str) -> Vec<Finding> {
    let (loaded, mut findings, problems) = read(Sources { file: Some((name, text)), ..Sources::default() });
    let remarks = problems.into_iter().map(|problem| (Verdict::Wrong, problem));
    let remarks = remarks.chain(loaded.ignored.into_iter().map(|problem| (Verdict::Ignored, problem)));
    for (verdict, Problem { origin, key, text }) in remarks {
        // What was said about the key in general is no longer all there is to say.
        match findings.iter_mut().find(|finding| finding.key == key && !finding.verdict.is_fatal()) {
            Some(finding) if finding.verdict == Verdict::Honoured => (finding.verdict, finding.text) = (verdict, text),
            Some(_) => {}
            None => findings.push(Finding { origin, key, value: None, verdict, text }),
        }
    }
    findings.sort_by_key(|finding| position(&finding.origin));
    findings
}

/// What counts where nothing is given.
pub(super) fn built_in() -> Settings {
    read(Sources::default()).0.settings
}

fn read(sources: Sources<'_>) -> (Loaded, Vec<Finding>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut ignored = Vec::new();
    let mut tree = match sources.file {
        Some((name, text)) => file(name, text).unwrap_or_else(|problem| {
            problems.push(problem);
            Node::empty(Origin::Default)
        }),
        None => Node::empty(Origin::Default),
    };
    environment::apply(&mut tree, sources.variables, &mut problems, &mut ignored);
    for Override { key, value, origin } in sources.overrides {
        set(&mut tree, key, value, &origin);
    }
    for named in ["storage", "auth"] {
        if tree.get(named).is_some() {
            spell_out(tree.get_or_make(named, &Origin::Default));
        }
    }
    let findings = inspect(&tree);
    let mut remarks = Remarks::default();
    let settings = read::settings(&Scope::root(&tree), &mut remarks);
    problems.append(&mut remarks.problems);
    ignored.append(&mut remarks.ignored);
    let without_effect = |finding: &&Finding| matches!(finding.verdict, Verdict::Ignored | Verdict::Unknown);
    ignored.extend(findings.iter().filter(without_effect).map(Finding::problem));
    sort(&mut ignored);
    (Loaded { settings, ignored, tree }, findings, problems)
}

/// The file's tree, which is a map with a version.
fn file(name: &str, text: &str) -> Result<Node, Problem> {
    let tree = yaml::parse(text, &Place::File(name.into()))?;
    if !matches!(tree.value, Value::Map(_)) {
        let text = "this file holds no keys. Write version: 0.1 and what you want to be otherwise than the defaults.";
        return Err(Problem::new(tree.origin, "", text));
    }
    if tree.get("version").is_none_or(Node::is_null) {
        return Err(Problem::new(tree.origin, "version", "is missing. Write version: 0.1."));
    }
    Ok(tree)
}

fn set(tree: &mut Node, key: &str, value: Given, origin: &Origin) {
    let value = match value {
        Given::One(text) => Node::plain(text, origin.clone()),
        Given::Many(texts) => {
            let elements = texts.into_iter().map(|text| Node::plain(text, origin.clone())).collect();
            Node { value: Value::List(elements), origin: origin.clone() }
        }
    };
    let (parents, last) = key.rsplit_once('.').unwrap_or(("", key));
    let mut node = tree;
    for parent in parents.split('.').filter(|parent| !parent.is_empty()) {
        node = node.get_or_make(parent, origin);
        spell_out(node);
    }
    node.set(last, value);
}

/// In the order of the file; what comes from elsewhere follows.
fn sort(problems: &mut Vec<Problem>) {
    problems.sort_by_key(|problem| position(&problem.origin));
    problems.dedup();
}

const fn position(origin: &Origin) -> (usize, usize) {
    match origin {
        Origin::File { line, column, .. } => (*line, *column),
        _ => (usize::MAX, 0),
    }
}
