//! The database's schema, one step after the other, as it came to be.
//!
//! A step that any release has had stays as it is: its digest lies in every database that took it. (sqlx's macro would
//! find the files by itself; for that it brings a second SQLite, compiled for the compiler.)

use sqlx::{
    SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

/// Number, name, SQL.
type Step = (i64, &'static str, &'static str);

/// The steps, by the numbers and names of their files.
macro_rules! steps {
    ($($number:literal $name:literal),+ $(,)?) => {
        &[$((number($number), $name, include_str!(concat!("migrations/", $number, "_", $name, ".sql")))),+]
    };
}

const fn number(digits: &str) -> i64 {
    match i64::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("a step's file begins with its number"),
    }
}

const STEPS: &[Step] = steps![
    "0001" "registry",
    "0002" "console",
    "0003" "explorer",
    "0004" "signing_key",
    "0006" "mirror",
    "0007" "notifications",
    "0008" "accounts",
    "0009" "rules",
    "0010" "credentials",
    "0011" "undo",
    "0012" "relations",
    "0013" "remote_registry",
    "0014" "overview",
    "0015" "tag_list",
    "0016" "description",
    "0017" "search",
];

/// Brings a database to the newest schema.
pub(super) fn migrator() -> Migrator {
    let step = |&(number, name, sql): &Step| {
        Migration::new(number, name.replace('_', " ").into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(STEPS.iter().map(step).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn every_file_is_a_step() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/metadata/migrations");
        let mut files: Vec<_> =
            fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let steps: Vec<_> = STEPS.iter().map(|(number, name, _)| format!("{number:04}_{name}.sql")).collect();
        assert_eq!(files, steps);
    }

    /// As sqlx' macro computed it: a database that took the step is not asked to take it again, or refused.
    #[test]
    fn digests_are_those_that_databases_have() {
        let digest =
            migrator().migrations[0].checksum.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        assert_eq!(
            digest,
            "29a6cd200e78975d50d979fcb65164c087a4160be141f659ced40b4d9a3b4ed2a789c6e7c16d92d8fccb741f6f568290"
        );
    }
}
