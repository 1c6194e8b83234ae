//! Who may use the registry, what it takes in, whom it tells, and our own keys.

use super::{Key, Kind};

pub(super) const AUTH: &[Key] = &[
    Key::holds("htpasswd", Kind::Map(HTPASSWD)),
    Key::holds("token", Kind::Map(TOKEN)),
    Key::honoured("none", Kind::Map(&[]), "anyone who reaches the registry may use it"),
    Key::refused("silly", Kind::Any, "it lets everyone in who sends any Authorization header. Write htpasswd or token"),
];

const HTPASSWD: &[Key] = &[
    Key::honoured("realm", Kind::Text, "what clients show when they ask for the password"),
    Key::honoured("path", Kind::Path, "the file of users, with bcrypt hashes; read again when it changes"),
];

const TOKEN: &[Key] = &[
    Key::honoured("realm", Kind::Text, "the URL of the token server"),
    Key::honoured("service", Kind::Text, "tokens must be made for this service"),
    Key::honoured("issuer", Kind::Text, "tokens must be made by this issuer"),
    Key::honoured("rootcertbundle", Kind::Path, "certificates (PEM) that sign tokens or the tokens' certificates"),
    Key::honoured("jwks", Kind::Path, "keys (JSON Web Key Set) that sign tokens"),
    Key::honoured("signingalgorithms", Kind::Texts, "the only algorithms that tokens may be signed with"),
    Key::honoured("autoredirect", Kind::Boolean, "whether the token server is below this registry's own host")
        .default("false"),
    Key::honoured("autoredirectpath", Kind::Text, "its path there").default("/auth/token/"),
];

pub(super) const NOTIFICATIONS: &[Key] = &[
    Key::holds("events", Kind::Section(EVENTS)).variable("EVENTCONFIG"),
    Key::holds("endpoints", Kind::Items(ENDPOINT)),
];

const EVENTS: &[Key] =
    &[Key::honoured("includereferences", Kind::Boolean, "whether events of manifests name what the manifest names")
        .default("false")];

const ENDPOINT: &[Key] = &[
    Key::honoured("name", Kind::Text, "tells the endpoint from others"),
    Key::honoured("disabled", Kind::Boolean, "whether nothing is sent to it").default("false"),
    Key::honoured("url", Kind::Url, "where events are posted"),
    Key::honoured("headers", Kind::Headers, "stand in each request"),
    Key::honoured("timeout", Kind::Duration, "how long one request may take").default("1s"),
    Key::honoured("threshold", Kind::Integer, "after so many failures, it waits").default("10"),
    Key::honoured("backoff", Kind::Duration, "for so long").default("1s"),
    Key::honoured("ignoredmediatypes", Kind::Texts, "nothing is sent about content of these media types"),
    Key::holds("ignore", Kind::Section(IGNORE)),
];

const IGNORE: &[Key] = &[
    Key::honoured("mediatypes", Kind::Texts, "nothing is sent about content of these media types"),
    Key::honoured("actions", Kind::Texts, "nothing is sent about these actions"),
];

pub(super) const HEALTH: &[Key] = &[
    Key::holds("storagedriver", Kind::Section(STORAGE_DRIVER)),
    Key::holds("file", Kind::Items(FILE)).variable("FILECHECKERS"),
    Key::holds("http", Kind::Items(HTTP)).variable("HTTPCHECKERS"),
    Key::holds("tcp", Kind::Items(TCP)).variable("TCPCHECKERS"),
];

const INTERVAL: Key = Key::honoured("interval", Kind::Duration, "how often").default("10s");
const THRESHOLD: Key =
    Key::honoured("threshold", Kind::Count, "unhealthy after so many failures in a row").default("0");
const TIMEOUT: Key = Key::honoured("timeout", Kind::Duration, "how long it may take");

const STORAGE_DRIVER: &[Key] = &[
    Key::honoured("enabled", Kind::Boolean, "whether the data folder and the database are looked at").default("false"),
    INTERVAL,
    THRESHOLD,
];

const FILE: &[Key] = &[Key::honoured("file", Kind::Path, "unhealthy while it is there"), INTERVAL, THRESHOLD];

const HTTP: &[Key] = &[
    Key::honoured("uri", Kind::Url, "unhealthy while it answers otherwise"),
    Key::honoured("headers", Kind::Headers, "stand in the request"),
    Key::honoured("statuscode", Kind::Count, "the status that it should answer with").default("200"),
    TIMEOUT,
    INTERVAL,
    THRESHOLD,
];

const TCP: &[Key] =
    &[Key::honoured("addr", Kind::Text, "unhealthy while nobody listens there"), TIMEOUT, INTERVAL, THRESHOLD];

pub(super) const CATALOG: &[Key] =
    &[Key::honoured("maxentries", Kind::Integer, "how many repositories one answer lists at most")];

pub(super) const TAGS: &[Key] = &[Key::honoured("maxtags", Kind::Count, "how many tags one answer lists at most")];

pub(super) const COMPATIBILITY: &[Key] = &[Key::holds("schema1", Kind::Section(SCHEMA1))];

const SCHEMA1: &[Key] = &[
    Key::honoured("signingkeyfile", Kind::Path, "the key that signs manifests of schema 1").variable("TRUSTKEY"),
    Key::honoured("enabled", Kind::Boolean, "whether Docker before 1.10 may push; every client may pull")
        .default("true"),
];

pub(super) const VALIDATION: &[Key] = &[
    Key::honoured("enabled", Kind::Boolean, "whether the rules below hold, whatever disabled says"),
    Key::honoured("disabled", Kind::Boolean, "whether the rules below do not hold").default("false"),
    Key::holds("manifests", Kind::Section(MANIFESTS)),
];

const MANIFESTS: &[Key] = &[Key::holds("urls", Kind::Section(URLS)), Key::holds("indexes", Kind::Section(INDEXES))];

const URLS: &[Key] = &[
    Key::honoured("allow", Kind::Patterns, "URLs in manifests must match one of these"),
    Key::honoured("deny", Kind::Patterns, "URLs in manifests must match none of these"),
];

/// What `validation.manifests.indexes.platforms` takes.
const PLATFORMS: &[&str] = &["all", "none", "list"];

const INDEXES: &[Key] = &[
    Key::honoured("platforms", Kind::Choice(PLATFORMS), "which images an index may name only if they are here")
        .default("all"),
    Key::ignored("platformlist", Kind::Any, "platforms are not told apart: write all or none"),
];

pub(super) const POLICY: &[Key] = &[Key::holds("repository", Kind::Section(POLICY_REPOSITORY))];

const POLICY_REPOSITORY: &[Key] = &[Key::refused(
    "classes",
    Kind::Any,
    "repositories have no classes here. Take it out, and say in the token server who may push what",
)];

pub(super) const HUMPBACK: &[Key] = &[
    Key::honoured("ca", Kind::Path, "the authority whose certificate the setup guide hands out (PEM)"),
    Key::honoured("sparse", Kind::Boolean, "whether manifests may name what was never pushed").default("false"),
    Key::honoured("corsorigins", Kind::Origins, "pages of these origins may call /v2/"),
    Key::honoured("loglevel", Kind::Text, "levels by module, such as info,humpback::v2=debug; counts before log.level"),
    Key::honoured("trustedproxies", Kind::Proxies, "whose X-Forwarded-* and Forwarded headers are believed")
        .default("private"),
    Key::honoured("manifestlimit", Kind::ManifestLimit, "the longest manifest that is taken in, in bytes")
        .default("4194304"),
    Key::honoured("undo", Kind::Duration, "for so long what is deleted can be restored; 0s for not at all")
        .default("336h"),
];
