//! A schema 1 payload for an image that was pushed as Docker's schema 2 or as OCI, for a client that reads nothing
//! newer.
//!
//! Where Distribution converts, too, the result is the same to the byte, and so is its digest (manifest/schema1,
//! config_builder.go). Beyond it, an image without a history gets one: a step for each layer.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::Value;

use super::{
    EMPTY_LAYER_DIGEST,
    json_text::{members, quote},
};
use crate::oci::{Descriptor, Digest, RepositoryName, Tag};

/// How many build steps an image may have: a client before Docker 1.10 takes 127 layers at most, and steps that made
/// none come on top.
const STEPS_MAX: usize = 1024;

/// What Go writes where a time is missing.
const NO_TIME: &str = "0001-01-01T00:00:00Z";

/// An image in a newer form.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Where it is pulled from.
    pub repository: &'a RepositoryName,
    /// The tag that it is pulled by.
    pub tag: &'a Tag,
    /// The config blob.
    pub config: &'a [u8],
    /// The layers, the lowest first.
    pub layers: &'a [Descriptor],
}

/// Why an image has no schema 1 form.
#[derive(Debug, thiserror::Error)]
pub enum Unconvertible {
    /// It is an artifact of another kind.
    #[error(
        "this is no container image but {0}: it can't be pulled by Docker before 1.10, nor by a client that names no \
         other media type in Accept"
    )]
    NotAnImage(String),
    /// No image of an index is for the one platform that old clients run on.
    #[error("no image in this index is for linux/amd64, which is all that Docker before 1.10 runs")]
    Platform,
    /// A layer is of a kind that old clients can't unpack.
    #[error(
        "a layer of this image is of the type {0:?}, which Docker before 1.10 can't unpack: pull with a newer client, \
         or push the image with gzip layers"
    )]
    Layer(String),
    /// The config is not there, too large, or not an image's.
    #[error("the configuration of this image can't be read, so it can't be converted for Docker before 1.10")]
    Config,
    /// It was built in too many steps.
    #[error("this image has more than {STEPS_MAX} build steps, so it can't be converted for Docker before 1.10")]
    Steps,
}

/// A build step, as the config's history has it.
#[derive(Default)]
struct Step {
    created: String,
    author: String,
    created_by: String,
    comment: String,
    empty: bool,
}

/// The payload for `source`. The same image by the same name has the same payload, always. `sha256` is that function.
///
/// # Errors
/// [`Unconvertible`] says why an old client can't have this image.
pub fn convert(source: &Source<'_>, sha256: impl Fn(&[u8]) -> Digest) -> Result<String, Unconvertible> {
    if let Some(layer) = source.layers.iter().find(|layer| !is_readable(layer)) {
        return Err(Unconvertible::Layer(layer.media_type.clone()));
    }
    let text = std::str::from_utf8(source.config).map_err(|_| Unconvertible::Config)?;
    let members = members(text).ok_or(Unconvertible::Config)?;
    let config: Value = serde_json::from_str(text).map_err(|_| Unconvertible::Config)?;
    let steps = steps(&config, source.layers.len())?;

    let mut blobs = Vec::with_capacity(steps.len());
    let mut entries = Vec::with_capacity(steps.len());
    let mut layers = source.layers.iter().map(|layer| &layer.digest);
    let mut parent = String::new();
    for (at, step) in steps.iter().enumerate() {
        let blob = if step.empty { None } else { layers.next() };
        let blob = blob.map_or(EMPTY_LAYER_DIGEST, Digest::as_str);
        let hex = blob.split_once(':').map_or(blob, |(_, hex)| hex);
        let is_top = at + 1 == steps.len();
        let id = if is_top { format!("{hex} {parent} {text}") } else { format!("{hex} {parent}") };
        let id = sha256(id.as_bytes()).hex().to_owned();
        entries.push(if is_top { top(&members, &id, &parent, step.empty) } else { below(step, &id, &parent) });
        blobs.push(blob);
        parent = id;
    }
    let architecture = config["architecture"].as_str().unwrap_or_default();
    Ok(payload(source, architecture, &blobs, &entries))
}

/// Whether an old client unpacks such a layer. It looks at the bytes and not at the type, but has never heard of zstd.
fn is_readable(layer: &Descriptor) -> bool {
    let kind = match layer.media_type.strip_prefix("application/vnd.oci.image.layer.v1.") {
        Some(kind) => kind,
        None => layer.media_type.strip_prefix("application/vnd.docker.image.rootfs.diff.").unwrap_or_default(),
    };
    layer.urls.is_empty() && matches!(kind, "tar" | "tar+gzip" | "tar.gzip")
}

/// The config's history if it fits the layers; else a step for each layer, of which nothing is known.
fn steps(config: &Value, layers: usize) -> Result<Vec<Step>, Unconvertible> {
    let history: Vec<Step> = config["history"].as_array().into_iter().flatten().map(Step::read).collect();
    let fits = !history.is_empty() && history.iter().filter(|step| !step.empty).count() == layers;
    let steps = if fits {
        history
    } else {
        let created = time(&config["created"]);
        let step = |empty| Step { created: created.clone(), empty, ..Step::default() };
        // An image of nothing is one step, because a manifest needs a layer.
        if layers == 0 { vec![step(true)] } else { (0..layers).map(|_| step(false)).collect() }
    };
    if steps.len() > STEPS_MAX { Err(Unconvertible::Steps) } else { Ok(steps) }
}

impl Step {
    fn read(entry: &Value) -> Self {
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        Self {
            created: time(&entry["created"]),
            author: text("author"),
            created_by: text("created_by"),
            comment: text("comment"),
            empty: entry["empty_layer"].as_bool().unwrap_or_default(),
        }
    }
}

/// A time as Go writes it back: fractions without zeros at the end, UTC as `Z`.
fn time(value: &Value) -> String {
    use time::{OffsetDateTime, format_description::well_known::Rfc3339};
    let text = value.as_str().unwrap_or_default();
    if OffsetDateTime::parse(text, &Rfc3339).is_err() {
        return NO_TIME.to_owned();
    }
    let text = text.to_ascii_uppercase();
    let zone = text.find(['Z', '+']).or_else(|| text.rfind('-')).unwrap_or(text.len());
    let (moment, zone) = text.split_at(zone);
    let moment = if moment.contains('.') { moment.trim_end_matches('0').trim_end_matches('.') } else { moment };
    let zone = if zone == "+00:00" || zone == "-00:00" { "Z" } else { zone };
    format!("{moment}{zone}")
}

/// The entry of the topmost layer: the config, which is what the container runs with.
fn top(members: &[(String, String)], id: &str, parent: &str, empty: bool) -> String {
    let mut fields: BTreeMap<&str, String> = members.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    fields.remove("rootfs");
    fields.remove("history");
    fields.insert("id", quote(id));
    if !parent.is_empty() {
        fields.insert("parent", quote(parent));
    }
    if empty {
        fields.insert("throwaway", "true".to_owned());
    }
    let fields: Vec<String> = fields.into_iter().map(|(key, value)| format!("{}:{value}", quote(key))).collect();
    format!("{{{}}}", fields.join(","))
}

/// The entry of a layer below: what its step was.
fn below(step: &Step, id: &str, parent: &str) -> String {
    let mut entry = format!("{{\"id\":{}", quote(id));
    let mut field = |key: &str, text: &str| {
        if !text.is_empty() {
            // Writing to a String can't fail.
            let _ = write!(entry, ",\"{key}\":{}", quote(text));
        }
    };
    field("parent", parent);
    field("comment", &step.comment);
    field("created", &step.created);
    let _ = write!(entry, ",\"container_config\":{{\"Cmd\":[{}]}}", quote(&step.created_by));
    if !step.author.is_empty() {
        let _ = write!(entry, ",\"author\":{}", quote(&step.author));
    }
    if step.empty {
        entry.push_str(",\"throwaway\":true");
    }
    entry.push('}');
    entry
}

/// The whole, the topmost layer first, indented as Distribution does.
fn payload(source: &Source<'_>, architecture: &str, blobs: &[&str], entries: &[String]) -> String {
    let list = |key: &str, values: Vec<String>| {
        let objects: Vec<String> =
            values.iter().map(|value| format!("      {{\n         \"{key}\": {}\n      }}", quote(value))).collect();
        objects.join(",\n")
    };
    let layers = list("blobSum", blobs.iter().rev().map(|&blob| blob.to_owned()).collect());
    let history = list("v1Compatibility", entries.iter().rev().cloned().collect());
    format!(
        "{{\n   \"schemaVersion\": 1,\n   \"name\": {},\n   \"tag\": {},\n   \"architecture\": {},\n   \"fsLayers\": \
         [\n{layers}\n   ],\n   \"history\": [\n{history}\n   ]\n}}",
        quote(source.repository.as_str()),
        quote(source.tag.as_str()),
        quote(architecture),
    )
}
