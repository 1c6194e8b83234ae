//! Signed manifests, so that the second client is answered as quickly as by what is stored.
//!
//! What is kept never becomes wrong: it is found by the digest of the stored manifest that it was made of, which is
//! looked up each time.

use std::collections::{HashMap, VecDeque};

use crate::{
    oci::{Digest, RepositoryName, Tag},
    registry::Manifest,
};

/// How many bytes are kept, and of one manifest at most.
const BYTES_MAX: usize = 16 * 1024 * 1024;
const MANIFEST_BYTES_MAX: usize = 512 * 1024;
/// How many manifests are kept: small ones have a cost too.
const ENTRIES_MAX: usize = 4096;

/// The stored manifest, and the name that was written into what was made of it.
type Key = (Digest, Option<(RepositoryName, Tag)>);

/// Manifests by what they were made of. The oldest go when there are too many.
#[derive(Debug, Default)]
pub(in crate::registry) struct Cache {
    manifests: HashMap<Key, Manifest>,
    order: VecDeque<Key>,
    bytes: usize,
}

fn key(stored: Digest, name: Option<(&RepositoryName, &Tag)>) -> Key {
    (stored, name.map(|(repository, tag)| (repository.clone(), tag.clone())))
}

impl Cache {
    /// What was made of `stored` for this name.
    pub fn get(&self, stored: &Digest, name: Option<(&RepositoryName, &Tag)>) -> Option<Manifest> {
        self.manifests.get(&key(stored.clone(), name)).cloned()
    }

    /// Keeps what was made of `stored` for this name, unless it is large.
    pub fn put(&mut self, stored: Digest, name: Option<(&RepositoryName, &Tag)>, made: &Manifest) {
        let key = key(stored, name);
        if made.content.len() > MANIFEST_BYTES_MAX || self.manifests.contains_key(&key) {
            return;
        }
        self.bytes += made.content.len();
        self.order.push_back(key.clone());
        self.manifests.insert(key, made.clone());
        while self.bytes > BYTES_MAX || self.order.len() > ENTRIES_MAX {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(gone) = self.manifests.remove(&oldest) {
                self.bytes -= gone.content.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::oci::media_type::DOCKER_SCHEMA1_SIGNED;

    fn manifest(number: usize, length: usize) -> Manifest {
        Manifest {
            digest: Digest::parse(&format!("sha256:{number:064x}")).unwrap(),
            media_type: DOCKER_SCHEMA1_SIGNED.to_owned(),
            content: vec![b'x'; length].into(),
        }
    }

    #[test]
    fn keeps_by_name_and_forgets_the_oldest() {
        let mut cache = Cache::default();
        let (name, tag) = (RepositoryName::parse("a").unwrap(), Tag::parse("t").unwrap());
        let first = manifest(0, 10);
        cache.put(first.digest.clone(), Some((&name, &tag)), &first);
        assert!(cache.get(&first.digest, None).is_none());
        assert_eq!(cache.get(&first.digest, Some((&name, &tag))).unwrap().content, first.content);
        for number in 1..=ENTRIES_MAX {
            let next = manifest(number, 10);
            cache.put(next.digest.clone(), None, &next);
        }
        assert!(cache.get(&first.digest, Some((&name, &tag))).is_none());
        assert_eq!(
            (cache.manifests.len(), cache.order.len(), cache.bytes),
            (ENTRIES_MAX, ENTRIES_MAX, 10 * ENTRIES_MAX)
        );
    }

    #[test]
    fn its_bytes_are_bounded() {
        let mut cache = Cache::default();
        let large = manifest(0, MANIFEST_BYTES_MAX + 1);
        cache.put(large.digest.clone(), None, &large);
        assert!(cache.get(&large.digest, None).is_none());
        for number in 1..=2 * BYTES_MAX / MANIFEST_BYTES_MAX {
            let next = manifest(number, MANIFEST_BYTES_MAX);
            cache.put(next.digest.clone(), None, &next);
            assert!(cache.bytes <= BYTES_MAX);
        }
        assert_eq!(cache.bytes, cache.manifests.values().map(|manifest| manifest.content.len()).sum::<usize>());
    }
}
