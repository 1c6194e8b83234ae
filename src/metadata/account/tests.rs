#![allow(clippy::unwrap_used)]
use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};

use super::*;

/// Before members there were administrators only, and a session had neither address nor device.
#[tokio::test]
async fn accounts_and_sessions_of_an_older_version_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("humpback.db");
    let options = SqliteConnectOptions::new().filename(&path).foreign_keys(true).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    let mut older = crate::metadata::migrations::migrator();
    older.migrations = older.migrations.iter().filter(|migration| migration.version < 8).cloned().collect();
    older.run(&mut connection).await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO account (name, password_hash, role, created_at) VALUES ('admin', 'a hash', 'administrator', 1000); \
         INSERT INTO session (token_hash, account_id, created_at, used_at) VALUES ('0123456789abcdef00', 1, 2000, 3000); \
         INSERT INTO audit (at, actor, action, detail) VALUES (2000, 'admin', 'session.opened', '{}');",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();

    let metadata = Metadata::open(&path).await.unwrap();
    let name = UserName::parse("admin").unwrap();
    let found = metadata.account(&name).await.unwrap().unwrap();
    assert_eq!(
        (found.account.role, found.disabled, found.password_hash.as_str()),
        (Role::Administrator, false, "a hash")
    );
    let session = metadata.session("0123456789abcdef00").await.unwrap().unwrap();
    assert_eq!((session.account, session.created_at), (found.account, from_micros(2000)));
    assert_eq!(metadata.audit(10).await.unwrap()[0].subject, None);

    // The sessions belong to the new accounts, and go with them.
    let mut tx = metadata.begin().await.unwrap();
    tx.delete_account(session_account(&metadata).await).await.unwrap();
    tx.commit(crate::metadata::Durability::Relaxed).await.unwrap();
    assert!(metadata.session("0123456789abcdef00").await.unwrap().is_none());
    let mut tx = metadata.begin().await.unwrap();
    let member = tx.create_account(&name, "another", Role::Member, from_micros(1)).await.unwrap().unwrap();
    assert_eq!(member.role, Role::Member);
}

async fn session_account(metadata: &Metadata) -> AccountId {
    metadata.session("0123456789abcdef00").await.unwrap().unwrap().account.id
}
