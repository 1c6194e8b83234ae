//! Which form of a manifest a client gets: what `Accept` means here, in one place.
//!
//! What a digest names is what was pushed, whoever asks. A tag names an image, and an image can be had in the form that
//! the client reads:
//!
//! | The client | by tag gets |
//! |---|---|
//! | sends no `Accept` (Docker before 1.10), or names schema 1 alone | schema 1, made from whatever is stored |
//! | names the stored type, or `*/*` | what is stored |
//! | names an image's types but not the stored index's | the index's image for linux/amd64, in a type that it named, else schema 1 if it named that |
//! | names schema 1 among others, but not what is stored | schema 1 |
//! | names nothing that there is | what is stored: it can only fail, and does so with its own words |
//!
//! Weights (`q=`) put nothing first, as in Distribution; `q=0` rules a type out (RFC 9110, section 12.4.2).

use crate::oci::media_type::{DOCKER_MANIFEST, DOCKER_SCHEMA1, DOCKER_SCHEMA1_SIGNED, ManifestKind, OCI_MANIFEST};

/// What to answer with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// What is stored, byte for byte.
    Stored,
    /// Schema 1.
    Schema1,
    /// The index's image for linux/amd64, if its type is one of these; else schema 1 or what is stored.
    Default {
        /// The types of images that the client named.
        types: Vec<&'static str>,
        /// Whether it named schema 1, too.
        or_schema1: bool,
    },
}

/// The form in which a tag's manifest of the type `stored` goes to the client that sends these `Accept` headers.
pub fn form<'a>(accept: impl Iterator<Item = &'a str>, stored: &str) -> Form {
    let mut accept = accept.peekable();
    let kind = ManifestKind::of(stored);
    if kind == Some(ManifestKind::Schema1) || accept.peek().is_none() {
        return Form::Schema1;
    }
    let accepted = Accepted::read(accept);
    if accepted.anything || accepted.names(stored) {
        return Form::Stored;
    }
    let or_schema1 = accepted.names(DOCKER_SCHEMA1_SIGNED) || accepted.names(DOCKER_SCHEMA1);
    let types: Vec<&str> = [DOCKER_MANIFEST, OCI_MANIFEST].into_iter().filter(|kind| accepted.names(kind)).collect();
    if kind == Some(ManifestKind::Index) && !types.is_empty() {
        return Form::Default { types, or_schema1 };
    }
    if or_schema1 { Form::Schema1 } else { Form::Stored }
}

/// What the `Accept` headers say; there may be several.
struct Accepted<'a> {
    types: Vec<&'a str>,
    /// There is a range that takes any manifest in.
    anything: bool,
}

impl<'a> Accepted<'a> {
    fn read(headers: impl Iterator<Item = &'a str>) -> Self {
        let mut accepted = Self { types: Vec::new(), anything: false };
        for element in headers.flat_map(|header| header.split(',')) {
            let (kind, parameters) = element.split_once(';').unwrap_or((element, ""));
            if is_ruled_out(parameters) {
                continue;
            }
            match kind.trim() {
                "*/*" | "application/*" => accepted.anything = true,
                kind => accepted.types.push(kind),
            }
        }
        accepted
    }

    fn names(&self, kind: &str) -> bool {
        self.types.iter().any(|named| named.eq_ignore_ascii_case(kind))
    }
}

/// Whether the weight among these parameters is zero.
fn is_ruled_out(parameters: &str) -> bool {
    parameters.split(';').any(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or_default();
        name.trim().eq_ignore_ascii_case("q") && value.trim().parse() == Ok(0.0_f32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::media_type::{DOCKER_MANIFEST_LIST, OCI_INDEX};

    #[test]
    fn each_row_of_the_table() {
        let default = |types: &[&'static str], or_schema1| Form::Default { types: types.to_vec(), or_schema1 };
        let both = format!("{OCI_MANIFEST}, {DOCKER_MANIFEST};q=0.1");
        let both = [both.as_str()];
        let cases: Vec<(&[&str], &str, Form)> = vec![
            (&[], OCI_MANIFEST, Form::Schema1),
            (&[], DOCKER_MANIFEST_LIST, Form::Schema1),
            (&[DOCKER_SCHEMA1, DOCKER_SCHEMA1_SIGNED], OCI_INDEX, Form::Schema1),
            (&["*/*"], DOCKER_MANIFEST, Form::Stored),
            (&["text/html, application/*;q=0.8"], OCI_INDEX, Form::Stored),
            (&both, OCI_MANIFEST, Form::Stored),
            (&[DOCKER_SCHEMA1, DOCKER_MANIFEST], DOCKER_MANIFEST, Form::Stored),
            (&[DOCKER_SCHEMA1, DOCKER_MANIFEST], OCI_MANIFEST, Form::Schema1),
            (&both, OCI_INDEX, default(&[DOCKER_MANIFEST, OCI_MANIFEST], false)),
            (&[DOCKER_MANIFEST, DOCKER_SCHEMA1], DOCKER_MANIFEST_LIST, default(&[DOCKER_MANIFEST], true)),
            (&["application/json"], DOCKER_MANIFEST, Form::Stored),
            (&[OCI_INDEX], DOCKER_MANIFEST_LIST, Form::Stored),
            (&[""], OCI_MANIFEST, Form::Stored),
            (&["*/*;q=0", "application/vnd.docker.distribution.manifest.v1+json"], OCI_MANIFEST, Form::Schema1),
            (&[OCI_MANIFEST, DOCKER_MANIFEST], DOCKER_SCHEMA1_SIGNED, Form::Schema1),
        ];
        for (accept, stored, expected) in cases {
            assert_eq!(form(accept.iter().copied(), stored), expected, "{accept:?} {stored}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(accept in "\\PC{0,80}") {
            let _ = form([accept.as_str()].into_iter(), OCI_INDEX);
        }
    }
}
