#![allow(clippy::unwrap_used)]
use time::{Duration, macros::datetime};

use super::*;
use crate::config::RegistryAddress;

struct World {
    directory: tempfile::TempDir,
    clock: Clock,
    metadata: Metadata,
    config: ConfigStore,
}

impl World {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::test(datetime!(2026-11-24 08:00 UTC));
        let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
        let config = ConfigStore::open(metadata.clone(), clock.clone()).await.unwrap();
        Self { directory, clock, metadata, config }
    }

    /// The process stops and starts again on the same directory.
    async fn restart(self) -> Self {
        self.metadata.close().await;
        let metadata = Metadata::open(&self.directory.path().join("humpback.db")).await.unwrap();
        let config = ConfigStore::open(metadata.clone(), self.clock.clone()).await.unwrap();
        Self { metadata, config, ..self }
    }
}

fn draft(private_registry_enabled: bool, address: &str) -> Draft {
    Draft { private_registry_enabled, address: address.into() }
}

fn user(name: &str) -> Actor {
    Actor::new(name, Some([192, 0, 2, 7].into()))
}

#[tokio::test]
async fn a_fresh_registry_is_enabled_and_has_no_address() {
    let world = World::new().await;
    assert_eq!(*world.config.current(), Versioned { version: 0, value: SystemConfig::default(), saved: None });
}

#[tokio::test]
async fn what_was_saved_is_in_force_at_once_and_after_a_restart() {
    let world = World::new().await;
    let mut watcher = world.config.subscribe();
    let saved = world.config.save(0, &draft(true, "http://192.168.1.10:5000"), &user("ann")).await.unwrap();
    assert_eq!(saved.version, 1);
    assert_eq!(saved.saved, Some(Saved { at: world.clock.now(), by: "ann".into() }));
    assert_eq!(world.config.current(), saved);
    assert!(watcher.has_changed().unwrap());
    assert_eq!(*watcher.borrow_and_update(), saved);

    let world = world.restart().await;
    assert_eq!(world.config.current(), saved);
}

#[tokio::test]
async fn disabling_keeps_the_address() {
    let world = World::new().await;
    world.config.save(0, &draft(true, "registry.example.com"), &user("ann")).await.unwrap();
    let shown = Draft::from(&world.config.current().value);
    world.config.save(1, &Draft { private_registry_enabled: false, ..shown }, &user("ann")).await.unwrap();
    let world = world.restart().await;
    let current = world.config.current();
    assert!(!current.value.private_registry_enabled);
    assert_eq!(current.value.address, Some(RegistryAddress::parse("registry.example.com").unwrap()));
}

#[tokio::test]
async fn what_was_in_force_before_can_be_had_again() {
    let world = World::new().await;
    assert_eq!(world.config.previous(0).await.unwrap(), None);
    let first = world.config.save(0, &draft(true, "10.0.0.1:5000"), &user("ann")).await.unwrap();
    assert_eq!(world.config.previous(1).await.unwrap(), Some(SystemConfig::default()));
    world.config.save(1, &draft(false, ""), &user("ann")).await.unwrap();
    assert_eq!(world.config.previous(2).await.unwrap().as_ref(), Some(&first.value));
}

#[tokio::test]
async fn the_second_of_two_administrators_is_told_what_changed() {
    let world = World::new().await;
    world.config.save(0, &draft(true, "registry.example.com"), &user("ann")).await.unwrap();
    world.clock.advance(Duration::minutes(1));
    let ann = world.config.save(1, &draft(false, "registry.example.com"), &user("ann")).await.unwrap();

    let bob = draft(true, "10.0.0.1:5000");
    let Err(Error::Conflict { current }) = world.config.save(1, &bob, &user("bob")).await else {
        panic!("the second save must lose");
    };
    assert_eq!(current, ann);
    assert_eq!(world.config.current(), ann, "a lost race changes nothing");
    assert_eq!(world.metadata.audit(10).await.unwrap().len(), 2, "a lost race leaves no entry");

    // Having seen it, he may decide for his own.
    let decided = world.config.save(current.version, &bob, &user("bob")).await.unwrap();
    assert_eq!((decided.version, decided.value.private_registry_enabled), (3, true));
}

#[tokio::test]
async fn of_many_saves_at_once_exactly_one_wins() {
    let world = World::new().await;
    let saves: Vec<_> = (1..=12)
        .map(|n| {
            let config = world.config.clone();
            tokio::spawn(async move { config.save(0, &draft(true, &format!("10.0.0.{n}:5000")), &user("ann")).await })
        })
        .collect();
    let mut won = 0;
    for save in saves {
        match save.await.unwrap() {
            Ok(saved) => {
                won += 1;
                assert_eq!(saved.version, 1);
            }
            Err(Error::Conflict { current }) => assert_eq!(current.version, 1),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((won, world.config.current().version), (1, 1));
}

#[tokio::test]
async fn a_save_that_changes_nothing_makes_no_version() {
    let world = World::new().await;
    let saved = world.config.save(0, &draft(true, ""), &user("ann")).await.unwrap();
    assert_eq!(saved.version, 0);
    world.config.save(0, &draft(false, ""), &user("ann")).await.unwrap();
    // The form was read at version 0, but wants what is in force.
    assert_eq!(world.config.save(0, &draft(false, ""), &user("bob")).await.unwrap().version, 1);
    assert_eq!(world.metadata.audit(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_not_valid_is_not_saved() {
    let world = World::new().await;
    let Err(Error::Invalid(problems)) = world.config.save(0, &draft(true, "http://"), &user("ann")).await else {
        panic!("an address without a host must be refused");
    };
    assert_eq!(problems.len(), 1);
    assert_eq!(world.config.current().version, 0);
}

#[tokio::test]
async fn every_save_leaves_an_audit_entry() {
    let world = World::new().await;
    world.config.save(0, &draft(false, "10.0.0.1:5000"), &user("ann")).await.unwrap();
    let entries = world.metadata.audit(10).await.unwrap();
    assert_eq!(
        entries,
        [AuditEntry {
            at: world.clock.now(),
            actor: "ann".into(),
            address: Some("192.0.2.7".into()),
            action: "system_config.saved".into(),
            subject: None,
            detail: json!({
                "version": 1,
                "changes": [
                    { "PrivateRegistryEnabled": { "from": true, "to": false } },
                    { "Address": { "from": null, "to": "10.0.0.1:5000" } },
                ],
            }),
        }]
    );
}
