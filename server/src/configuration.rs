//! Finds the configuration file, and reads it with the environment and our own options.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use humpback::settings::{self, Loaded, Origin, Override, Problem, Problems, Sources};

/// Where Distribution's images keep the file: line 2, then line 3.
const PLACES: [&str; 2] = ["/etc/docker/registry/config.yml", "/etc/distribution/config.yml"];

/// Names the file, as in Distribution. Set to nothing, it means that there is none.
const PATH: &str = "REGISTRY_CONFIGURATION_PATH";

/// Longer files are no configuration.
const LONGEST: u64 = 1024 * 1024;

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file can't be read.
    #[error("the configuration file {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something in it, or in a variable or an option, is wrong.
    #[error(transparent)]
    Problems(#[from] Problems),
}

/// The settings, and the file that they come from.
pub struct Configuration {
    /// The file; `None` if there is none.
    pub file: Option<PathBuf>,
    /// The settings.
    pub loaded: Loaded,
}

/// Reads the file that is `given`, or that the environment names, or that lies where Distribution's images keep it.
///
/// # Errors
/// It can't be read, or something is wrong; then all that is wrong.
pub fn load(given: Option<&Path>, overrides: Vec<Override>) -> Result<Configuration, Error> {
    let file = find(given)?;
    let name = file.as_ref().map(|(path, _)| path.display().to_string());
    let file_text = name.as_deref().zip(file.as_ref().map(|(_, text)| text.as_str()));
    let sources = Sources { file: file_text, variables: variables()?, overrides };
    let loaded = settings::load(sources)?;
    Ok(Configuration { file: file.map(|(path, _)| path), loaded })
}

fn find(given: Option<&Path>) -> Result<Option<(PathBuf, String)>, Error> {
    let named = env::var_os(PATH);
    match (given, named) {
        (Some(path), _) => read(path).map(Some),
        (None, Some(path)) if path.is_empty() => Ok(None),
        (None, Some(path)) => read(Path::new(&path)).map(Some),
        (None, None) => {
            for place in PLACES {
                match read(Path::new(place)) {
                    Err(Error::File { source, .. }) if is_absent(&source) => {}
                    found => return found.map(Some),
                }
            }
            Ok(None)
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Reads a file's text.
///
/// # Errors
/// It can't be read, is no text, or is far too long.
pub fn read(path: &Path) -> Result<(PathBuf, String), Error> {
    let text = fs::metadata(path).and_then(|metadata| {
        if metadata.len() > LONGEST {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is longer than 1 MiB"));
        }
        fs::read_to_string(path)
    });
    match text {
        Ok(text) => Ok((path.to_owned(), text)),
        Err(source) => Err(Error::File { path: path.to_owned(), source }),
    }
}

/// The variables that Distribution reads.
fn variables() -> Result<Vec<(String, String)>, Problems> {
    let mut problems = Vec::new();
    let mut variables = Vec::new();
    for (name, value) in env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with("REGISTRY_")) else { continue };
        match value.into_string() {
            Ok(value) => variables.push((name.to_owned(), value)),
            Err(_) => {
                let origin = Origin::Variable(name.into());
                problems.push(Problem { origin, key: String::new(), text: "is not valid UTF-8.".to_owned() });
            }
        }
    }
    if problems.is_empty() { Ok(variables) } else { Err(Problems(problems)) }
}
