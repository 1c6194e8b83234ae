//! The file: one `name:hash` a line, blank lines and comments aside. Only bcrypt is read; other hashes are too weak.

use std::{
    collections::HashMap,
    fs,
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::Path,
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

/// Beyond it one login would take minutes.
const COST_MAX: u32 = 18;
/// What `htpasswd -B` and Distribution take is 5 and 10; a file without a single user is as slow as that.
const COST_DEFAULT: u32 = 10;
/// Longer ones are no files of users.
const SIZE_MAX: u64 = 16 * 1024 * 1024;

/// By what a changed file is told from the one that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    modified: (i64, i64),
    size: u64,
    inode: u64,
}

impl Stamp {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let file = fs::metadata(path)?;
        Ok(Self { modified: (file.mtime(), file.mtime_nsec()), size: file.size(), inode: file.ino() })
    }
}

/// Who is in the file.
#[derive(Debug)]
pub(super) struct Users {
    hashes: HashMap<String, String>,
    /// Compared in place of a user that is not there. As slow as the slowest of the others.
    nobody: String,
}

impl Users {
    pub(super) fn hash_of(&self, name: &str) -> Option<&str> {
        self.hashes.get(name).map(String::as_str)
    }

    pub(super) fn nobody(&self) -> &str {
        &self.nobody
    }

    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Reads the file's text; `name` is for messages about lines that are not used.
    fn parse(text: &str, name: &Path) -> Self {
        let mut hashes = HashMap::new();
        let mut slowest = None;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once(':').map(|(user, hash)| (user, hash, cost(hash))) {
                Some((user, hash, Some(cost))) => {
                    slowest = slowest.max(Some(cost));
                    hashes.insert(user.to_owned(), hash.to_owned());
                }
                _ => tracing::warn!(
                    "{}:{}: not a user with a bcrypt hash: this line lets nobody in. Write it with htpasswd -B",
                    name.display(),
                    index + 1
                ),
            }
        }
        let cost = slowest.unwrap_or(COST_DEFAULT);
        // No password is known for it, and none would be let in.
        let nobody = format!("$2y${cost:02}$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde");
        Self { hashes, nobody }
    }
}

/// The cost of a bcrypt hash that can be used.
fn cost(hash: &str) -> Option<u32> {
    let cost = hash.parse::<bcrypt::HashParts>().ok()?.get_cost();
    (4..=COST_MAX).contains(&cost).then_some(cost)
}

/// Reads the users, and by what to tell when they have changed.
pub(super) fn read(path: &Path) -> io::Result<(Users, Stamp)> {
    // Before the content: what is written meanwhile is read again.
    let stamp = Stamp::of(path)?;
    if stamp.size > SIZE_MAX {
        return Err(io::Error::other("too large for a file of users"));
    }
    Ok((Users::parse(&fs::read_to_string(path)?, path), stamp))
}

/// Makes the file with one user and a random password, as Distribution does, and tells the password in the log.
pub(super) fn provide(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut secret = [0; 24];
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    let password = BASE64_URL_SAFE_NO_PAD.encode(secret);
    let hash = bcrypt::hash(&password, COST_DEFAULT).map_err(io::Error::other)?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "docker:{hash}")?;
    file.sync_all()?;
    tracing::warn!(
        "There was no file of users at {}: made it with the user docker and the password {password}",
        path.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_bcrypt_lets_anyone_in() {
        let text = "# comment\n\nann:$2y$04$KPHsDLeBXtNbhVGmrXmJuOMFBV2nQyFVKMWFrJXuyCEPhsVVMTS5G\n\
                    bob:{SHA}fEqNCco3Yq9h5ZUglD3CZJT4lBs=\nno colon\n\
                    eve:$2y$31$KPHsDLeBXtNbhVGmrXmJuOMFBV2nQyFVKMWFrJXuyCEPhsVVMTS5G\n";
        let users = Users::parse(text, Path::new("htpasswd"));
        assert_eq!((users.len(), users.hash_of("ann").is_some()), (1, true));
        assert!(users.hash_of("bob").is_none() && users.hash_of("eve").is_none());
    }

    #[test]
    fn nobody_is_as_slow_as_the_slowest_user() {
        let users = Users::parse("ann:$2b$07$KPHsDLeBXtNbhVGmrXmJuOMFBV2nQyFVKMWFrJXuyCEPhsVVMTS5G\n", Path::new("x"));
        assert_eq!(cost(users.nobody()), Some(7));
        assert_eq!(cost(Users::parse("", Path::new("x")).nobody()), Some(COST_DEFAULT));
    }
}
