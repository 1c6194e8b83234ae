//! `REGISTRY_…` variables, name by name.

use super::ignored;
use crate::settings::{Auth, Loaded, Sources, load};

fn with(text: &str, variables: &[(&str, &str)]) -> Result<Loaded, String> {
    let text = format!("version: 0.1\n{text}");
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let sources = Sources { file: Some(("config.yml", &text)), variables, ..Sources::default() };
    load(sources).map_err(|problems| problems.to_string())
}

/// The value in force of each key that a variable gave, as `key=value`.
fn given(text: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let loaded = with(text, variables).unwrap();
    assert_eq!(ignored(&loaded), [""; 0], "{variables:?}");
    let effective = loaded.effective().into_iter();
    let ours = effective.filter(|effective| effective.origin.to_string().starts_with("REGISTRY_"));
    ours.map(|effective| format!("{}={}", effective.key, effective.value.unwrap_or_default())).collect()
}

#[test]
fn each_form_of_a_variable_finds_its_key() {
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
    let table: &[Case] = &[
        ("", &[("REGISTRY_HTTP_ADDR", ":6000")], &["http.addr=:6000"]),
        ("http: {addr: ':1'}", &[("REGISTRY_HTTP_ADDR", ":6000")], &["http.addr=:6000"]),
        ("", &[("REGISTRY_LOG_ACCESSLOG_DISABLED", "yes")], &["log.accesslog.disabled=yes"]),
        ("", &[("REGISTRY_LOGLEVEL", "debug")], &["loglevel=debug"]),
        // Names of fields where they differ from the file's.
        (
            "",
            &[("REGISTRY_NOTIFICATIONS_EVENTCONFIG_INCLUDEREFERENCES", "true")],
            &["notifications.events.includereferences=true"],
        ),
        ("", &[("REGISTRY_COMPATIBILITY_SCHEMA1_TRUSTKEY", "/key")], &["compatibility.schema1.signingkeyfile=/key"]),
        (
            "",
            &[("REGISTRY_HEALTH_FILECHECKERS_0_FILE", "/a"), ("REGISTRY_HEALTH_TCPCHECKERS", "[{addr: 'a:1'}]")],
            &["health.file[0].file=/a", "health.tcp[0].addr=a:1"],
        ),
        // The whole map, and what goes into it afterwards.
        ("storage: {inmemory: {}}", &[("REGISTRY_STORAGE", "filesystem")], &[]),
        (
            "storage: {s3: {bucket: a}}",
            &[("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/srv"), ("REGISTRY_STORAGE", "filesystem")],
            &["storage.filesystem.rootdirectory=/srv"],
        ),
        (
            "",
            &[("REGISTRY_STORAGE", "{filesystem: {rootdirectory: /srv}}")],
            &["storage.filesystem.rootdirectory=/srv"],
        ),
        (
            "storage: filesystem",
            &[("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/srv")],
            &["storage.filesystem.rootdirectory=/srv"],
        ),
        (
            "storage: {filesystem: ~}",
            &[("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/srv")],
            &["storage.filesystem.rootdirectory=/srv"],
        ),
        ("", &[("REGISTRY_STORAGE_DELETE_ENABLED", "true")], &["storage.delete.enabled=true"]),
        ("", &[("REGISTRY_STORAGE_DELETE", "{enabled: true}")], &["storage.delete.enabled=true"]),
        // In Distribution, the first of these panics and the second is the way around it.
        (
            "",
            &[("REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED", "true")],
            &["storage.maintenance.readonly.enabled=true"],
        ),
        (
            "",
            &[("REGISTRY_STORAGE_MAINTENANCE_READONLY", "{\"enabled\":true}")],
            &["storage.maintenance.readonly.enabled=true"],
        ),
        (
            "storage: {maintenance: {uploadpurging: {enabled: true, age: 1h}}}",
            &[("REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_ENABLED", "false")],
            &["storage.maintenance.uploadpurging.enabled=false"],
        ),
        // A struct given whole replaces what the file has.
        ("http: {addr: ':1', prefix: /a/}", &[("REGISTRY_HTTP", "{addr: ':2'}")], &["http.addr=:2"]),
        // Headers: a list inline, or element by element.
        ("", &[("REGISTRY_HTTP_HEADERS", "{X: [y]}")], &["http.headers=(hidden)"]),
        ("", &[("REGISTRY_HTTP_HEADERS_X-A", "[y]")], &["http.headers=(hidden)"]),
        (
            "",
            &[("REGISTRY_HTTP_TLS_CERTIFICATE", "/c"), ("REGISTRY_HTTP_TLS_KEY", "/k")],
            &["http.tls.certificate=/c", "http.tls.key=/k"],
        ),
        (
            "http: {tls: {certificate: /c, key: /k, clientcas: [/a]}}",
            &[("REGISTRY_HTTP_TLS_CLIENTCAS", "[/b, /c]")],
            &["http.tls.clientcas=[/b, /c]"],
        ),
        // Elements: one that is there, and the next one.
        (
            "notifications: {endpoints: [{name: a, url: 'http://a'}]}",
            &[
                ("REGISTRY_NOTIFICATIONS_ENDPOINTS_0_DISABLED", "true"),
                ("REGISTRY_NOTIFICATIONS_ENDPOINTS_1_NAME", "b"),
                ("REGISTRY_NOTIFICATIONS_ENDPOINTS_1_URL", "http://b"),
            ],
            &[
                "notifications.endpoints[0].disabled=true",
                "notifications.endpoints[1].name=b",
                "notifications.endpoints[1].url=http://b",
            ],
        ),
        (
            "",
            &[("REGISTRY_NOTIFICATIONS_ENDPOINTS", "[{name: a, url: 'http://a'}]")],
            &["notifications.endpoints[0].name=a", "notifications.endpoints[0].url=http://a"],
        ),
        ("", &[("REGISTRY_AUTH", "none")], &["auth=none"]),
        (
            "",
            &[
                ("REGISTRY_AUTH", "htpasswd"),
                ("REGISTRY_AUTH_HTPASSWD_REALM", "a"),
                ("REGISTRY_AUTH_HTPASSWD_PATH", "/b"),
            ],
            &["auth=htpasswd", "auth.htpasswd.realm=a", "auth.htpasswd.path=/b"],
        ),
        (
            "log: {fields: {Service: a}}",
            &[("REGISTRY_LOG_FIELDS_SERVICE", "b"), ("REGISTRY_LOG_FIELDS_STAGE", "c")],
            &[],
        ),
        ("", &[("REGISTRY_HUMPBACK_SPARSE", "true")], &["humpback.sparse=true"]),
        // Set to nothing: as if it were not given.
        ("http: {addr: ':1'}", &[("REGISTRY_HTTP_ADDR", "")], &[]),
        // What Kubernetes, podman's users and the image set.
        (
            "",
            &[
                ("REGISTRY_PORT", "tcp://10.0.0.1:5000"),
                ("REGISTRY_PORT_5000_TCP_ADDR", "10.0.0.1"),
                ("REGISTRY_SERVICE_HOST", "10.0.0.1"),
                ("REGISTRY_AUTH_FILE", "/home/ann/auth.json"),
                ("REGISTRY_CONFIGURATION_PATH", "/config.yml"),
                ("PATH", "/bin"),
            ],
            &[],
        ),
    ];
    for (text, variables, expected) in table {
        assert_eq!(given(text, variables), *expected, "{text} {variables:?}");
    }
}

#[test]
fn a_key_of_a_map_keeps_its_spelling_and_a_new_one_is_in_lower_case() {
    let loaded = with(
        "log: {fields: {Service: a}}",
        &[("REGISTRY_LOG_FIELDS_STAGE", "c"), ("REGISTRY_LOG_FIELDS_SERVICE", "b")],
    );
    let fields = loaded.unwrap().settings.log.fields.value;
    // The last part is written in lower case, even beside one that differs in case only, as in Distribution.
    assert!(fields.contains(&("stage".to_owned(), "c".to_owned())), "{fields:?}");
    assert!(fields.iter().any(|(_, value)| value == "b"), "{fields:?}");
}

#[test]
fn the_file_s_kind_of_auth_is_not_silently_replaced() {
    let variables = [("REGISTRY_AUTH_HTPASSWD_REALM", "a"), ("REGISTRY_AUTH_HTPASSWD_PATH", "/b")];
    let told = with("auth: none", &variables).err().unwrap();
    assert!(told.contains("auth: exactly one kind, found none and htpasswd"), "{told}");
    let loaded = with("auth: none", &[&[("REGISTRY_AUTH", "htpasswd")][..], &variables].concat()).unwrap();
    let Auth::Htpasswd(htpasswd) = &*loaded.settings.auth else { panic!("{:?}", loaded.settings.auth) };
    assert_eq!(htpasswd.path.origin.to_string(), "REGISTRY_AUTH_HTPASSWD_PATH");
}

#[test]
fn what_is_wrong_names_the_variable() {
    for (name, value, expected) in [
        (
            "REGISTRY_STORAGE_DELETE_ENABLED",
            "maybe",
            "REGISTRY_STORAGE_DELETE_ENABLED: storage.delete.enabled: expected true or false, found `maybe`. Write true or false.",
        ),
        ("REGISTRY_HTTP_HEADERS", "{X: [", "REGISTRY_HTTP_HEADERS: this is not YAML"),
        (
            "REGISTRY_HEALTH_FILECHECKERS_2_FILE",
            "/a",
            "REGISTRY_HEALTH_FILECHECKERS_2_FILE: undefined index: the next element is 0.",
        ),
        ("REGISTRY_HEALTH_FILECHECKERS_X_FILE", "/a", "REGISTRY_HEALTH_FILECHECKERS_X_FILE: non-numeric index"),
        ("REGISTRY_STORAGE_S3_BUCKET", "a", "REGISTRY_STORAGE_S3_BUCKET: storage.s3: blobs lie in a folder here."),
        ("REGISTRY_STORAGE", "gcs", "REGISTRY_STORAGE: storage.gcs: blobs lie in a folder here."),
        (
            "REGISTRY_PROXY_REMOTEURL",
            "https://registry-1.docker.io",
            "REGISTRY_PROXY_REMOTEURL: proxy: this registry is no cache",
        ),
        ("REGISTRY_HTTP_ADDR", "5000", "REGISTRY_HTTP_ADDR: http.addr: expected an address with a port"),
    ] {
        let told = with("", &[(name, value)]).err().unwrap_or_else(|| panic!("{name} is accepted"));
        assert!(told.contains(expected), "{told}\n  lacks: {expected}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}

#[test]
fn names_that_no_key_has_are_told_and_change_nothing() {
    for name in [
        "REGISTRY_HTTP_PORT",
        "REGISTRY_HTTP_ADDR_EXTRA",
        "REGISTRY_NOTIFICATIONS_EVENTS_INCLUDEREFERENCES",
        "REGISTRY_http_addr",
        "REGISTRY_X",
    ] {
        let loaded = with("", &[(name, "1")]).unwrap();
        assert_eq!(ignored(&loaded), [format!("{name}: no key has this name")]);
    }
}
