//! What lies on the disk: the files of the tree and the rows of the database.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::server::until;

const TABLES: [&str; 6] = ["repository", "blob", "repository_blob", "manifest", "tag", "upload"];

/// Everything that a push may leave behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Stored {
    /// Paths below the root, of blobs and of uploads.
    pub files: Vec<PathBuf>,
    /// How many rows the tables of names have.
    pub rows: BTreeMap<String, i64>,
}

impl Stored {
    /// Looks below `root` once what was acknowledged has been written to Distribution's tree, too.
    pub fn settled(root: &Path) -> Self {
        until("the tree is written", || query(root, "SELECT COUNT(*) FROM mirror") == ["0"]);
        Self::look(root)
    }

    /// Looks below `root`, also while a server works on it.
    pub fn look(root: &Path) -> Self {
        let mut files = Vec::new();
        for folder in ["docker", "humpback/uploads"] {
            walk(&root.join(folder), &mut |path| files.push(path.strip_prefix(root).unwrap().to_owned()));
        }
        files.sort();
        let rows = TABLES.iter().map(|table| {
            let count = query(root, &format!("SELECT COUNT(*) FROM {table}"));
            ((*table).to_owned(), count[0].parse().unwrap())
        });
        Self { files, rows: rows.collect() }
    }
}

/// Asks the database; the first column of each row as text.
pub fn query(root: &Path, sql: &str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(root.join("humpback/humpback.db"));
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let column = |row: &sqlx::sqlite::SqliteRow| {
            row.try_get::<i64, _>(0).map(|n| n.to_string()).or_else(|_| row.try_get::<String, _>(0)).unwrap()
        };
        rows.iter().map(column).collect()
    })
}

/// Fails unless every blob in the tree has the digest that its path says, and the database is whole.
pub fn assert_sound(root: &Path) {
    let blobs = root.join("docker/registry/v2/blobs");
    walk(&blobs, &mut |path| {
        assert_eq!(path.file_name().unwrap(), "data", "a stray file: {}", path.display());
        let expected = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        assert_eq!(hex(&fs::read(path).unwrap()), expected, "{}", path.display());
    });
    assert_eq!(query(root, "PRAGMA integrity_check"), ["ok"]);
    assert_eq!(query(root, "PRAGMA foreign_key_check"), Vec::<String>::new());
    // A row is written last: whatever it names is there.
    for digest in query(root, "SELECT digest FROM blob") {
        let hex = digest.strip_prefix("sha256:").unwrap();
        assert!(blobs.join("sha256").join(&hex[..2]).join(hex).join("data").is_file(), "{digest} has a row alone");
    }
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() { walk(&path, visit) } else { visit(&path) }
    }
}

/// SHA-256 as hexadecimal digits.
pub fn hex(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 as the specification writes it.
pub fn digest(content: &[u8]) -> String {
    format!("sha256:{}", hex(content))
}

/// `length` bytes that look random and are the same for the same seed (xorshift64*).
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let words = std::iter::from_fn(|| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        Some(state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes())
    });
    words.flatten().take(length).collect()
}
