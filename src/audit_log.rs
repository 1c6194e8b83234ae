//! Reading the audit log, and forgetting what is old. It is written by whoever does something, in the same unit of work.

use time::Duration;

use crate::{
    audit::{AuditEntry, AuditQuery},
    clock::Clock,
    explorer::List,
    metadata::{AuditCursor, Durability, Metadata, Result},
};

/// How long a deed is kept.
pub const KEPT: Duration = Duration::days(365);
/// How many deeds are forgotten in one unit of work, so that nobody waits for long.
const AT_ONCE: u32 = 1000;

/// A handle on the audit log; cheap to clone.
#[derive(Clone, Debug)]
pub struct AuditLog {
    metadata: Metadata,
    clock: Clock,
}

impl AuditLog {
    /// The audit log in this database.
    pub const fn new(metadata: Metadata, clock: Clock) -> Self {
        Self { metadata, clock }
    }

    /// One page of the deeds that `query` finds, the newest first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list(&self, query: &AuditQuery) -> Result<List<AuditEntry>> {
        self.metadata.list_audit(query).await
    }

    /// Up to `limit` of the deeds that `query` finds after `cursor`, and where to go on if there may be more.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn after(
        &self,
        query: &AuditQuery,
        cursor: AuditCursor,
        limit: u32,
    ) -> Result<(Vec<AuditEntry>, Option<AuditCursor>)> {
        self.metadata.audit_after(query, cursor, limit).await
    }

    /// Forgets what is older than `age`; how much that was.
    ///
    /// # Errors
    /// The database is broken; what was forgotten before stays forgotten.
    pub async fn purge(&self, age: Duration) -> Result<u64> {
        let before = self.clock.now() - age;
        let mut forgotten = 0;
        loop {
            let mut tx = self.metadata.begin().await?;
            let deleted = tx.delete_audit_before(before, AT_ONCE).await?;
            tx.commit(Durability::Relaxed).await?;
            forgotten += deleted;
            if deleted < u64::from(AT_ONCE) {
                return Ok(forgotten);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use time::macros::datetime;

    use super::*;
    use crate::{
        audit::{Action, Actor},
        jobs::AuditPurge,
    };

    #[tokio::test]
    async fn what_is_older_than_a_year_is_forgotten_however_much_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::test(datetime!(2026-11-24 08:00 UTC));
        let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
        let log = AuditLog::new(metadata.clone(), clock.clone());
        let mut tx = metadata.begin().await.unwrap();
        for n in 0..2500 {
            let at = clock.now() + Duration::minutes(n);
            tx.audit(&AuditEntry::new(at, &Actor::default(), Action::SessionOpened)).await.unwrap();
        }
        tx.commit(Durability::Relaxed).await.unwrap();
        let purge = AuditPurge::new(log.clone());
        assert_eq!(purge.run_once().await.unwrap(), 0);
        clock.advance(KEPT + Duration::minutes(2400));
        assert_eq!(purge.run_once().await.unwrap(), 2400);
        let left = log.list(&AuditQuery::default()).await.unwrap();
        assert_eq!((left.total, left.rows.last().unwrap().at), (100, clock.now() - KEPT + Duration::minutes(50)));
    }
}
