//! The list of what could not be taken over, for programs: one JSON object a line.

use std::{fs, io};

use serde_json::json;

use super::{
    super::{Result, blocking, failed},
    Problem, Tree,
};

/// Where the list lies, below the root.
const LIST: &str = "humpback/tree-problems.jsonl";

impl Problem {
    /// The problem as one line of JSON, without the line's end.
    pub fn to_json(&self) -> String {
        json!({ "kind": self.kind.as_str(), "path": self.path, "detail": self.detail }).to_string()
    }
}

impl Tree {
    /// Writes the list anew; without problems there is none.
    ///
    /// # Errors
    /// The file can't be written.
    pub async fn list_problems(&self, problems: &[Problem]) -> Result<()> {
        let path = self.paths.root.join(LIST);
        let text: String = problems.iter().map(|problem| problem.to_json() + "\n").collect();
        blocking(move || {
            if text.is_empty() {
                return match fs::remove_file(&path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("removing", &path)(error)),
                    _ => Ok(()),
                };
            }
            let aside = path.with_extension("tmp");
            fs::write(&aside, text).map_err(failed("writing", &aside))?;
            fs::rename(&aside, &path).map_err(failed("renaming into", &path))
        })
        .await
    }
}
