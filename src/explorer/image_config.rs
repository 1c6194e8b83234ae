//! An image's configuration (OCI image-spec, config.md), as far as a reader wants to see it.
//!
//! Read without insisting: builders differ, and one odd field must not hide the others.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::dockerfile::{instructions, written_healthcheck};
use crate::oci::{descriptor::Platform, schema1};

/// BuildKit's remark on each of its steps, which says nothing of the step.
const BUILDKIT_COMMENT: &str = "buildkit.dockerfile.v0";

/// The configuration of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageConfig {
    /// Which machines it runs on.
    pub platform: Option<Platform>,
    /// When it was built, as its builder says. Reproducible builds say 1970 or another fixed day.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub created: Option<OffsetDateTime>,
    /// Who built it.
    pub author: Option<String>,
    /// The user that its process runs as.
    pub user: Option<String>,
    /// The directory that its process starts in.
    pub working_dir: Option<String>,
    /// What is run.
    pub entrypoint: Vec<String>,
    /// What is run, or the entry point's arguments.
    pub cmd: Vec<String>,
    /// The environment, as `NAME=value`.
    pub env: Vec<String>,
    /// The ports that it listens on, for example `80/tcp`.
    pub exposed_ports: Vec<String>,
    /// The directories that are meant to be mounted.
    pub volumes: Vec<String>,
    /// How it is seen that it is well, as the arguments of `HEALTHCHECK`. Docker's own: the OCI format has none.
    pub healthcheck: Option<String>,
    /// The signal that ends it.
    pub stop_signal: Option<String>,
    /// Free text by key.
    pub labels: Vec<(String, String)>,
    /// How it was built, the first step first.
    pub history: Vec<HistoryEntry>,
}

/// A step of the build.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The command.
    pub created_by: String,
    /// The builder's remark.
    pub comment: Option<String>,
    /// Whether the step made no layer.
    pub empty_layer: bool,
}

/// A step of the build, for a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildStep {
    /// As a Dockerfile has it, perhaps on several lines.
    pub instruction: String,
    /// The size of the layer that it has made; `None` if it made none, or it is not known which.
    pub size_bytes: Option<u64>,
    /// Whether it made no layer.
    pub empty_layer: bool,
    /// The builder's remark.
    pub comment: Option<String>,
}

impl ImageConfig {
    /// Reads a config blob; `None` if it is not a JSON object.
    pub fn parse(content: &[u8]) -> Option<Self> {
        let document: Value = serde_json::from_slice(content).ok()?;
        document.is_object().then(|| Self::of(&document))
    }

    /// Reads a schema 1 image: its configuration is the last step's, and each layer tells its own step. What is not JSON
    /// in it is left out.
    pub fn of_schema1(image: &schema1::Image) -> Self {
        let step = |layer: &schema1::Layer| serde_json::from_str(&layer.v1_compatibility).unwrap_or(Value::Null);
        let steps: Vec<Value> = image.layers.iter().map(step).collect();
        Self {
            history: steps.iter().rev().map(HistoryEntry::of_schema1).collect(),
            ..steps.first().map(Self::of).unwrap_or_default()
        }
    }

    fn of(document: &Value) -> Self {
        let config = &document["config"];
        Self {
            platform: platform(document),
            created: text(&document["created"]).and_then(|text| moment(&text)),
            author: text(&document["author"]),
            user: text(&config["User"]),
            working_dir: text(&config["WorkingDir"]),
            entrypoint: texts(&config["Entrypoint"]),
            cmd: texts(&config["Cmd"]),
            env: texts(&config["Env"]),
            exposed_ports: keys(&config["ExposedPorts"]),
            volumes: keys(&config["Volumes"]),
            healthcheck: healthcheck(&config["Healthcheck"]),
            stop_signal: text(&config["StopSignal"]),
            labels: pairs(&config["Labels"]),
            history: document["history"].as_array().into_iter().flatten().map(HistoryEntry::of).collect(),
        }
    }

    /// The build as the instructions of a Dockerfile, with what each has added. `layer_sizes` are those of the layers,
    /// the lowest first; where they do not fit the history none is told, for that is better than a wrong one.
    pub fn build(&self, layer_sizes: &[u64]) -> Vec<BuildStep> {
        let layers = self.history.iter().filter(|entry| !entry.empty_layer).count();
        let mut sizes = if layers == layer_sizes.len() { layer_sizes } else { &[] }.iter().copied();
        let step = |(entry, instruction): (&HistoryEntry, String)| BuildStep {
            instruction,
            size_bytes: if entry.empty_layer { None } else { sizes.next() },
            empty_layer: entry.empty_layer,
            comment: entry.comment.clone().filter(|comment| comment != BUILDKIT_COMMENT),
        };
        self.history.iter().zip(instructions(&self.history)).map(step).collect()
    }

    /// The build step behind each layer, the lowest first. Empty where the history does not fit the layers: better
    /// none than a wrong one.
    pub fn layer_steps(&self, layer_count: usize) -> Vec<String> {
        let steps = self.history.iter().zip(instructions(&self.history));
        let steps: Vec<_> = steps.filter(|(entry, _)| !entry.empty_layer).map(|(_, step)| step).collect();
        if steps.len() == layer_count { steps } else { Vec::new() }
    }
}

impl HistoryEntry {
    fn of(entry: &Value) -> Self {
        Self {
            created_by: text(&entry["created_by"]).unwrap_or_default(),
            comment: text(&entry["comment"]),
            empty_layer: entry["empty_layer"].as_bool().unwrap_or_default(),
        }
    }

    /// The step of a schema 1 layer: the command of the container that made it.
    fn of_schema1(layer: &Value) -> Self {
        Self {
            created_by: texts(&layer["container_config"]["Cmd"]).join(" "),
            comment: text(&layer["comment"]),
            empty_layer: layer["throwaway"].as_bool().unwrap_or_default(),
        }
    }
}

/// A moment to the microsecond: what is finer would not come through to the browser.
fn moment(text: &str) -> Option<OffsetDateTime> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    at.replace_microsecond(at.microsecond()).ok()
}

fn platform(document: &Value) -> Option<Platform> {
    Some(Platform {
        architecture: text(&document["architecture"])?,
        os: text(&document["os"])?,
        os_version: text(&document["os.version"]),
        variant: text(&document["variant"]),
    })
}

/// `--interval=30s CMD probe`; times are in nanoseconds.
fn healthcheck(value: &Value) -> Option<String> {
    let times = [("Interval", "interval"), ("Timeout", "timeout"), ("StartPeriod", "start-period")];
    let times = times.into_iter().chain([("StartInterval", "start-interval")]);
    let flag = |(key, name): (&str, &str)| match value[key].as_u64() {
        None | Some(0) => None,
        Some(nanoseconds) => Some(format!("--{name}={}", duration(nanoseconds))),
    };
    let retries =
        value["Retries"].as_u64().and_then(|retries| u32::try_from(retries).ok()).filter(|retries| *retries > 0);
    written_healthcheck(&texts(&value["Test"]), times.filter_map(flag).collect(), retries)
}

/// `1m30s`, as Go and Dockerfiles write it.
fn duration(nanoseconds: u64) -> String {
    let milliseconds = nanoseconds / 1_000_000;
    if !milliseconds.is_multiple_of(1000) {
        return format!("{milliseconds}ms");
    }
    let seconds = milliseconds / 1000;
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect()
}

/// A text that says something.
fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A list of texts; old builders write a single text where the specification has a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Go writes a set as an object with empty values.
fn keys(value: &Value) -> Vec<String> {
    value.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect()
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let map = value.as_object().into_iter().flatten();
    map.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const DOCKER: &str = r#"{
        "architecture": "arm64", "variant": "v8", "os": "linux", "created": "2024-05-01T10:20:30.123456789Z",
        "config": {
            "User": "", "ExposedPorts": {"80/tcp": {}}, "Env": ["PATH=/bin", "NGINX=1.27"], "Entrypoint": ["/run.sh"],
            "Cmd": ["nginx", "-g", "daemon off;"], "Labels": {"maintainer": "<script>alert(1)</script>"},
            "StopSignal": "SIGQUIT", "Volumes": null,
            "Healthcheck": {"Test": ["CMD", "/probe", "a b"], "Interval": 90000000000, "Timeout": 1500000000, "Retries": 3}
        },
        "history": [
            {"created_by": "ADD rootfs.tar /", "comment": "from scratch"},
            {"created_by": "/bin/sh -c #(nop)  ENV A=b", "empty_layer": true},
            {"created_by": "RUN /bin/sh -c make # buildkit", "comment": "buildkit.dockerfile.v0"}
        ]
    }"#;

    #[test]
    fn reads_what_docker_writes() {
        let config = ImageConfig::parse(DOCKER.as_bytes()).unwrap();
        assert_eq!(config.platform.as_ref().unwrap().to_string(), "linux/arm64/v8");
        let created = config.created.unwrap();
        assert_eq!((created.unix_timestamp(), created.nanosecond()), (1_714_558_830, 123_456_000));
        assert_eq!(config.user, None);
        assert_eq!(config.cmd, ["nginx", "-g", "daemon off;"]);
        assert_eq!(config.exposed_ports, ["80/tcp"]);
        assert_eq!(config.labels, [("maintainer".to_owned(), "<script>alert(1)</script>".to_owned())]);
        assert_eq!(config.layer_steps(2), ["ADD rootfs.tar /", "RUN make"]);
        assert!(config.layer_steps(3).is_empty());
        let check = "--interval=1m30s --timeout=1500ms --retries=3 CMD [\"/probe\", \"a b\"]";
        assert_eq!(config.healthcheck.as_deref(), Some(check));
    }

    #[test]
    fn each_step_of_the_build_has_what_it_added() {
        let config = ImageConfig::parse(DOCKER.as_bytes()).unwrap();
        let steps = config.build(&[10, 20]);
        let shown: Vec<_> =
            steps.iter().map(|step| (step.instruction.as_str(), step.size_bytes, step.comment.as_deref())).collect();
        assert_eq!(
            shown,
            [
                ("ADD rootfs.tar /", Some(10), Some("from scratch")),
                ("ENV A=b", None, None),
                ("RUN make", Some(20), None)
            ]
        );
        assert!(config.build(&[10]).iter().all(|step| step.size_bytes.is_none()), "they do not fit");
    }

    #[test]
    fn odd_fields_do_not_hide_the_others() {
        let odd = r#"{"os": 7, "architecture": "amd64", "created": "yesterday", "history": {"a": 1},
            "config": {"Entrypoint": "sh", "Cmd": [1, "x"], "Env": {}, "Labels": {"n": 3, "k": "v"}}}"#;
        let config = ImageConfig::parse(odd.as_bytes()).unwrap();
        assert_eq!((config.platform, config.created), (None, None));
        assert_eq!(config.entrypoint, ["sh"]);
        assert_eq!(config.cmd, ["x"]);
        assert_eq!(config.labels, [("k".to_owned(), "v".to_owned())]);
        assert!(config.history.is_empty());
    }

    #[test]
    fn what_is_no_object_is_none() {
        for content in ["", "[]", "null", "\"text\"", "{"] {
            assert_eq!(ImageConfig::parse(content.as_bytes()), None, "{content:?}");
        }
        assert_eq!(ImageConfig::parse(b"{}"), Some(ImageConfig::default()));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(content in ".{0,300}") {
            let _ = ImageConfig::parse(content.as_bytes());
        }
    }
}
