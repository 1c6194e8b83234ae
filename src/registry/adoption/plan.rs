//! The tree and the database compared: what has to change in which of the two.
//!
//! Where the tree was not written to since it was last told, it is right: then it is Distribution who has written
//! there. Nothing follows from what can't be read.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use time::OffsetDateTime;

use crate::{
    blob_store::tree::{
        Contents, Section,
        read::{Layer, Target},
    },
    metadata::{KnownNames, MirrorKind},
    oci::{Digest, Tag},
};

/// What is to be done with one repository.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Blobs that the repository may serve from now on.
    pub link: Vec<(Digest, Layer)>,
    /// Blobs that it may serve no more.
    pub unlink: Vec<Digest>,
    /// Blobs whose bytes have another size than they had. They are among those above.
    pub changed: Vec<Digest>,
    /// Manifests to be read, with when they were pushed.
    pub adopt: Vec<(Digest, OffsetDateTime)>,
    /// Manifests that are gone.
    pub forget: Vec<Digest>,
    /// Tags that are new or have moved.
    pub tags: Vec<(Tag, Target)>,
    /// Tags that are gone.
    pub untag: Vec<Tag>,
    /// What the database knows better: it is to be written to the tree again.
    pub mend: Vec<(MirrorKind, String)>,
}

impl Plan {
    /// Compares.
    pub fn new(contents: &Contents, known: &KnownNames) -> Self {
        let mut plan = Self::default();
        if contents.lost {
            plan.mend_everything(known);
            return plan;
        }
        plan.blobs(contents, known);
        plan.manifests(contents, known);
        plan.tags(contents, known);
        plan
    }

    /// Whether the two agree.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn blobs(&mut self, contents: &Contents, known: &KnownNames) {
        let settled = |digest: &Digest| !is_pending(known, MirrorKind::Blob, digest.as_str());
        for (digest, layer) in contents.layers.entries.iter().filter(|(digest, _)| settled(digest)) {
            match (known.blobs.get(digest), layer.size) {
                (None, Some(_)) => self.link.push((digest.clone(), layer.clone())),
                (None, None) => {}
                (Some(known), Some(size)) if *known == size => {}
                (Some(_), Some(_)) => {
                    self.changed.push(digest.clone());
                    self.unlink.push(digest.clone());
                }
                // Distribution's garbage collection takes the bytes and leaves the link.
                (Some(_), None) => self.unlink.push(digest.clone()),
            }
        }
        let (gone, damaged) = missing(&contents.layers, known.blobs.keys().filter(|digest| settled(digest)));
        self.unlink.extend(gone);
        self.mend.extend(damaged.into_iter().map(|digest| (MirrorKind::Blob, digest.to_string())));
    }

    fn manifests(&mut self, contents: &Contents, known: &KnownNames) {
        let settled = |digest: &Digest| !is_pending(known, MirrorKind::Manifest, digest.as_str());
        let misplaced = misplaced(contents);
        for (digest, revision) in contents.revisions.entries.iter().filter(|(digest, _)| settled(digest)) {
            match (known.manifests.contains_key(digest), revision.stored) {
                (false, true) => self.adopt.push((digest.clone(), revision.at)),
                (true, false) => self.mend.push((MirrorKind::Manifest, digest.to_string())),
                _ => {}
            }
        }
        let new = misplaced.iter().filter(|(digest, _)| settled(digest) && !known.manifests.contains_key(digest));
        self.adopt.extend(new.map(|(digest, at)| (digest.clone(), *at)));
        let here = known.manifests.keys().filter(|digest| settled(digest) && !misplaced.contains_key(digest));
        let (gone, damaged) = missing(&contents.revisions, here);
        self.forget.extend(gone);
        self.mend.extend(damaged.into_iter().map(|digest| (MirrorKind::Manifest, digest.to_string())));
    }

    fn tags(&mut self, contents: &Contents, known: &KnownNames) {
        let settled = |tag: &Tag| !is_pending(known, MirrorKind::Tag, tag.as_str());
        let moved =
            contents.tags.entries.iter().filter(|(tag, target)| {
                settled(tag) && known.tags.get(tag).is_none_or(|known| *known != target.digest)
            });
        self.tags.extend(moved.map(|(tag, target)| (tag.clone(), target.clone())));
        let (gone, damaged) = missing(&contents.tags, known.tags.keys().filter(|tag| settled(tag)));
        self.untag.extend(gone);
        self.mend.extend(damaged.into_iter().map(|tag| (MirrorKind::Tag, tag.to_string())));
    }

    fn mend_everything(&mut self, known: &KnownNames) {
        let blobs = known.blobs.keys().map(|digest| (MirrorKind::Blob, digest.to_string()));
        let manifests = known.manifests.keys().map(|digest| (MirrorKind::Manifest, digest.to_string()));
        let tags = known.tags.keys().map(|tag| (MirrorKind::Tag, tag.to_string()));
        let all = blobs.chain(manifests).chain(tags);
        self.mend.extend(all.filter(|(kind, name)| !is_pending(known, *kind, name)));
    }
}

/// What is known and not on the tree: what is gone, and what only has a link that can't be read.
fn missing<'a, K, V>(section: &Section<K, V>, known: impl Iterator<Item = &'a K>) -> (Vec<K>, Vec<K>)
where
    K: Eq + Hash + Clone + 'a,
{
    let absent = known.filter(|key| !section.entries.contains_key(key)).cloned();
    let (damaged, gone) = absent.partition::<Vec<K>, _>(|key| section.damaged.contains(key));
    (if section.whole { gone } else { Vec::new() }, damaged)
}

/// Manifests that are linked among the layers only, as Distribution 2.1.0 did it by mistake and 2.8 still reads it.
fn misplaced(contents: &Contents) -> HashMap<Digest, OffsetDateTime> {
    let tagged: HashSet<&Digest> = contents.tags.entries.values().map(|target| &target.digest).collect();
    let lost = tagged.into_iter().filter(|digest| !contents.revisions.entries.contains_key(digest));
    let found = lost.filter_map(|digest| Some((digest, contents.layers.entries.get(digest)?)));
    found.filter(|(_, layer)| layer.size.is_some()).map(|(digest, layer)| (digest.clone(), layer.at)).collect()
}

fn is_pending(known: &KnownNames, kind: MirrorKind, name: &str) -> bool {
    // Nearly always there is nothing, and nothing has to be copied to see it.
    !known.pending.is_empty() && known.pending.contains(&(kind, name.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::blob_store::tree::read::Revision;

    const AT: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn digest(byte: u8) -> Digest {
        Digest::parse(&format!("sha256:{}", format!("{byte:02x}").repeat(32))).unwrap()
    }

    fn tag(name: &str) -> Tag {
        Tag::parse(name).unwrap()
    }

    fn layer(size: Option<u64>) -> Layer {
        Layer { size, stored_as: None, at: AT }
    }

    /// One blob, one manifest and a tag on it, on both sides.
    fn same() -> (Contents, KnownNames) {
        let mut contents = Contents::default();
        contents.layers.entries.insert(digest(1), layer(Some(10)));
        contents.revisions.entries.insert(digest(2), Revision { stored: true, at: AT });
        contents.tags.entries.insert(tag("a"), Target { digest: digest(2), at: AT });
        let known = KnownNames {
            blobs: [(digest(1), 10)].into(),
            manifests: [(digest(2), 20)].into(),
            tags: [(tag("a"), digest(2))].into(),
            pending: HashSet::new(),
        };
        (contents, known)
    }

    #[test]
    fn where_both_agree_nothing_is_done() {
        let (contents, known) = same();
        assert!(Plan::new(&contents, &known).is_empty());
    }

    #[test]
    fn what_the_tree_lacks_was_deleted_by_distribution() {
        let (_, known) = same();
        let plan = Plan::new(&Contents::default(), &known);
        let expected =
            Plan { unlink: vec![digest(1)], forget: vec![digest(2)], untag: vec![tag("a")], ..Plan::default() };
        assert_eq!(plan, expected);
    }

    #[test]
    fn what_was_not_written_yet_is_never_deleted() {
        let (_, mut known) = same();
        known.pending = [
            (MirrorKind::Blob, digest(1).to_string()),
            (MirrorKind::Manifest, digest(2).to_string()),
            (MirrorKind::Tag, "a".to_owned()),
        ]
        .into();
        assert!(Plan::new(&Contents::default(), &known).is_empty());
    }

    #[test]
    fn a_folder_that_can_not_be_read_deletes_nothing() {
        let (_, known) = same();
        let mut contents = Contents::default();
        contents.layers.whole = false;
        contents.revisions.whole = false;
        contents.tags.whole = false;
        assert!(Plan::new(&contents, &known).is_empty());
    }

    #[test]
    fn a_damaged_link_is_mended_from_the_database() {
        let (mut contents, known) = same();
        contents.layers = Section { damaged: [digest(1)].into(), ..Section::default() };
        contents.revisions.entries.insert(digest(2), Revision { stored: false, at: AT });
        contents.tags = Section { damaged: [tag("a")].into(), ..Section::default() };
        let mend = vec![
            (MirrorKind::Blob, digest(1).to_string()),
            (MirrorKind::Manifest, digest(2).to_string()),
            (MirrorKind::Tag, "a".to_owned()),
        ];
        assert_eq!(Plan::new(&contents, &known), Plan { mend, ..Plan::default() });
    }

    #[test]
    fn a_tree_that_is_lost_is_written_again_and_deletes_nothing() {
        let (_, known) = same();
        let plan = Plan::new(&Contents { lost: true, ..Contents::default() }, &known);
        assert_eq!(plan.mend.len(), 3);
        assert_eq!(Plan { mend: Vec::new(), ..plan }, Plan::default());
    }

    #[test]
    fn new_things_are_taken_over_and_moved_tags_follow() {
        let (mut contents, known) = same();
        contents.layers.entries.insert(digest(3), layer(Some(30)));
        contents.layers.entries.insert(digest(4), layer(None));
        contents.revisions.entries.insert(digest(5), Revision { stored: true, at: AT });
        contents.tags.entries.insert(tag("a"), Target { digest: digest(5), at: AT });
        let plan = Plan::new(&contents, &known);
        let expected = Plan {
            link: vec![(digest(3), layer(Some(30)))],
            adopt: vec![(digest(5), AT)],
            tags: vec![(tag("a"), Target { digest: digest(5), at: AT })],
            ..Plan::default()
        };
        assert_eq!(plan, expected);
    }

    #[test]
    fn bytes_that_are_gone_or_changed_are_not_served() {
        let (mut contents, known) = same();
        contents.layers.entries.insert(digest(1), layer(None));
        assert_eq!(Plan::new(&contents, &known).unlink, [digest(1)]);
        contents.layers.entries.insert(digest(1), layer(Some(11)));
        let plan = Plan::new(&contents, &known);
        assert_eq!((plan.unlink, plan.changed), (vec![digest(1)], vec![digest(1)]));
    }

    #[test]
    fn a_manifest_among_the_layers_is_one_while_a_tag_is_on_it() {
        let (mut contents, mut known) = same();
        contents.revisions = Section::default();
        contents.layers.entries.insert(digest(2), layer(Some(20)));
        known.blobs.insert(digest(2), 20);
        assert!(Plan::new(&contents, &known).is_empty(), "it is not forgotten");
        known.manifests.clear();
        assert_eq!(Plan::new(&contents, &known).adopt, [(digest(2), AT)]);
        contents.tags = Section::default();
        assert_eq!(Plan::new(&contents, &known).adopt, []);
    }
}
