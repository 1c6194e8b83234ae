#![allow(clippy::unwrap_used)]

use std::fs;

use tempfile::TempDir;
use time::macros::datetime;

use super::*;
use crate::{clock::Clock, metadata::Metadata};

struct Site {
    folder: TempDir,
    clock: Clock,
    users: Htpasswd,
}

impl Site {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        write(&folder, &[("ann", "secret")]);
        let clock = Clock::test(datetime!(2026-01-02 03:04:05 UTC));
        let metadata = Metadata::open(&folder.path().join("test.db")).await.unwrap();
        let auth = Auth::open(metadata, clock.clone()).await.unwrap();
        let users = Htpasswd::open("Realm".into(), folder.path().join("htpasswd"), &auth).await.unwrap();
        Self { folder, clock, users }
    }

    async fn verify(&self, name: &str, password: &str) -> Result<(), Error> {
        self.users.verify(name, password.into(), Some([192, 0, 2, 1].into())).await
    }
}

fn write(folder: &TempDir, users: &[(&str, &str)]) {
    let line = |(name, password): &(&str, &str)| format!("{name}:{}\n", bcrypt::hash(password, 4).unwrap());
    let text: String = users.iter().map(line).collect();
    // As editors do: a new file in the place of the old one.
    let new = folder.path().join("new");
    fs::write(&new, text).unwrap();
    fs::rename(new, folder.path().join("htpasswd")).unwrap();
}

#[tokio::test]
async fn only_the_right_password_is_let_in() {
    let site = Site::new().await;
    site.verify("ann", "secret").await.unwrap();
    site.verify("ann", "secret").await.unwrap();
    for (name, password) in [("ann", "wrong"), ("bob", "secret"), ("ann", ""), ("", "")] {
        assert!(matches!(site.verify(name, password).await, Err(Error::Credentials)), "{name} {password}");
    }
}

#[tokio::test]
async fn a_changed_file_counts_at_once_even_for_what_was_remembered() {
    let site = Site::new().await;
    site.verify("ann", "secret").await.unwrap();
    write(&site.folder, &[("ann", "another"), ("bob", "secret")]);
    site.clock.advance(RECHECK);
    assert!(matches!(site.verify("ann", "secret").await, Err(Error::Credentials)));
    site.verify("ann", "another").await.unwrap();
    site.verify("bob", "secret").await.unwrap();
    fs::remove_file(site.folder.path().join("htpasswd")).unwrap();
    site.clock.advance(RECHECK);
    assert!(matches!(site.verify("ann", "another").await, Err(Error::Users(_))), "nobody is let in unread");
}

#[tokio::test]
async fn guessing_is_slowed_down_but_not_who_was_let_in() {
    let site = Site::new().await;
    site.verify("ann", "secret").await.unwrap();
    let mut waits = 0;
    for _ in 0..8 {
        waits += usize::from(matches!(site.verify("ann", "wrong").await, Err(Error::TooManyAttempts { .. })));
    }
    assert!(waits > 0, "the ninth guess in a second is not looked at");
    site.verify("ann", "secret").await.unwrap();
    site.clock.advance(MEMORY);
    site.verify("ann", "secret").await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_not_there_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = Site::new().await;
    let path = site.folder.path().join("new/folder/htpasswd");
    Htpasswd::open("Realm".into(), path.clone(), &site.users.inner.auth).await.unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("docker:$2b$10$"), "{text}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let again = Htpasswd::open("Realm".into(), path.clone(), &site.users.inner.auth).await;
    assert!(again.is_ok() && fs::read_to_string(&path).unwrap() == text, "an existing file is left alone");
}
