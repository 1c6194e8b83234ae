#![allow(clippy::unwrap_used)]
use serde_json::json;
use time::macros::{date, datetime};

use super::*;
use crate::{
    audit::{Action, Actor},
    metadata::Durability,
};

async fn world() -> (tempfile::TempDir, Metadata) {
    let directory = tempfile::tempdir().unwrap();
    let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
    let mut tx = metadata.begin().await.unwrap();
    for n in 0..120_u8 {
        let at = datetime!(2026-11-01 00:00 UTC) + Duration::hours(i64::from(n));
        let (who, action) = if n % 3 == 0 { ("ann", Action::TagDeleted) } else { ("bob", Action::SessionOpened) };
        let actor = Actor::new(who, Some([192, 0, 2, n].into()));
        tx.audit(&AuditEntry::new(at, &actor, action).about(format!("team/App:{n}"))).await.unwrap();
    }
    tx.commit(Durability::Synced).await.unwrap();
    (directory, metadata)
}

fn query(words: &[(&str, &'static str)]) -> AuditQuery {
    AuditQuery::from_words(|key| words.iter().find(|(word, _)| *word == key).map(|(_, value)| *value))
}

#[tokio::test]
async fn the_newest_come_first_in_pages() {
    let (_directory, metadata) = world().await;
    let last = metadata.list_audit(&query(&[("page", "3")])).await.unwrap();
    assert_eq!((last.rows.len(), last.matching, last.total), (20, 120, 120));
    assert_eq!(last.rows[19].at, datetime!(2026-11-01 00:00 UTC));
}

#[tokio::test]
async fn who_what_and_when_narrow_it_down() {
    let (_directory, metadata) = world().await;
    let cases: [(&[(&str, &'static str)], u64); 8] = [
        (&[("q", "ANN")], 40),
        (&[("q", "team/app:7")], 11),
        (&[("q", "192.0.2.119")], 1),
        (&[("q", "%")], 0),
        (&[("kind", "deletion")], 40),
        (&[("kind", "sign-in"), ("q", "ann")], 0),
        // Both days belong to it.
        (&[("from", "2026-11-02"), ("to", "2026-11-03")], 48),
        (&[("from", "2026-12-01")], 0),
    ];
    for (words, matching) in cases {
        let found = metadata.list_audit(&query(words)).await.unwrap();
        assert_eq!((found.matching, found.total), (matching, 120), "{words:?}");
    }
    assert_eq!(query(&[("to", "2026-11-03")]).to, Some(date!(2026 - 11 - 03)));
}

#[tokio::test]
async fn a_long_reading_misses_and_doubles_nothing_while_others_write_and_purge() {
    let (_directory, metadata) = world().await;
    let asked = query(&[("q", "bob")]);
    let mut seen = Vec::new();
    let mut cursor = Some(AuditCursor::default());
    while let Some(at) = cursor {
        let (entries, next) = metadata.audit_after(&asked, at, 7).await.unwrap();
        seen.extend(entries.into_iter().map(|entry| entry.subject.unwrap()));
        cursor = next;
        let mut tx = metadata.begin().await.unwrap();
        let new = AuditEntry::new(datetime!(2026-11-24 08:00 UTC), &Actor::new("bob", None), Action::SessionOpened);
        tx.audit(&new.about("new").with(json!({}))).await.unwrap();
        tx.delete_audit_before(datetime!(2026-11-01 02:00 UTC), 1).await.unwrap();
        tx.commit(Durability::Relaxed).await.unwrap();
    }
    let expected: Vec<_> = (2..120).rev().filter(|n| n % 3 != 0).map(|n| format!("team/App:{n}")).collect();
    assert_eq!(seen, expected);
}
