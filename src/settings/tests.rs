#![allow(clippy::unwrap_used)]

use std::{path::Path, time::Duration};

use super::*;

mod environment;
mod files;
mod yaml;

/// The settings of a file, which has nothing wrong.
fn file(text: &str) -> Loaded {
    load(Sources { file: Some(("config.yml", text)), ..Sources::default() })
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// The lines that a file is refused with.
fn refusal(text: &str) -> String {
    match load(Sources { file: Some(("config.yml", text)), ..Sources::default() }) {
        Ok(_) => panic!("accepted: {text}"),
        Err(problems) => problems.to_string(),
    }
}

fn ignored(loaded: &Loaded) -> Vec<String> {
    loaded.ignored.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_given_is_distributions_defaults() {
    let settings = Settings::default();
    assert_eq!(settings.storage.root.as_path(), Path::new("/var/lib/registry"));
    assert_eq!(settings.http.listen.to_string(), "0.0.0.0:5000");
    assert_eq!(*settings.http.drain_timeout, Duration::from_secs(30));
    assert_eq!(*settings.storage.upload_purging.age, Duration::from_secs(168 * 3600));
    assert_eq!(*settings.storage.upload_purging.interval, Duration::from_secs(24 * 3600));
    assert!(*settings.storage.upload_purging.enabled && !*settings.storage.delete && !*settings.storage.read_only);
    assert_eq!((settings.log.level.as_str(), *settings.log.format), ("info", log::Format::Text));
    assert!(*settings.log.access && *settings.http.http2 && !*settings.http.h2c);
    assert!(matches!(*settings.auth, Auth::None) && settings.auth.origin.is_default());
    assert_eq!(*settings.health.storage.interval, Duration::from_secs(10));
    assert_eq!(settings.http.debug.prometheus_path.as_str(), "/metrics");
}

#[test]
fn what_comes_later_counts_more() {
    let sources = |overrides: &[(&'static str, Origin)]| Sources {
        file: Some(("config.yml", "version: 0.1\nhttp:\n  addr: :1\n  net: tcp\nlog: {level: debug}\n")),
        variables: vec![("REGISTRY_HTTP_ADDR".to_owned(), ":2".to_owned())],
        overrides: overrides
            .iter()
            .map(|(addr, origin)| Override {
                key: "http.addr",
                value: Given::One((*addr).to_owned()),
                origin: origin.clone(),
            })
            .collect(),
    };
    let ours = (":3", Origin::Variable("HUMPBACK_ADDR".into()));
    let flag = (":4", Origin::Flag("--addr".into()));
    for (overrides, addr, origin) in [
        (&[][..], ":2", "REGISTRY_HTTP_ADDR"),
        (&[ours.clone()][..], ":3", "HUMPBACK_ADDR"),
        (&[ours, flag], ":4", "--addr"),
    ] {
        let settings = load(sources(overrides)).unwrap().settings;
        assert_eq!(settings.http.listen.to_string(), addr);
        assert_eq!(settings.http.listen.origin.to_string(), origin);
        assert_eq!(settings.log.level.origin.to_string(), "config.yml:5:14");
    }
}

#[test]
fn an_option_reaches_into_a_storage_named_by_one_word() {
    let root = Override {
        key: "storage.filesystem.rootdirectory",
        value: Given::One("/srv".to_owned()),
        origin: Origin::Flag("--root".into()),
    };
    let file = Some(("config.yml", "version: 0.1\nstorage: filesystem\n"));
    let settings = load(Sources { file, overrides: vec![root], ..Sources::default() }).unwrap().settings;
    assert_eq!(settings.storage.root.as_path(), Path::new("/srv"));
}

#[test]
fn debug_shows_no_secret() {
    let loaded = file(
        "version: 0.1\nhttp:\n  secret: do-not-tell\n  headers: {X-Key: [do-not-tell]}\n\
         notifications:\n  endpoints:\n    - {name: a, url: 'http://me:do-not-tell@a/', headers: {Authorization: [Bearer do-not-tell]}}\n\
         health:\n  http:\n    - {uri: 'http://a/', headers: {Authorization: [Bearer do-not-tell]}}\n\
         redis: {password: do-not-tell}\n",
    );
    assert!(!format!("{:?}", loaded.settings).contains("do-not-tell"));
    assert!(!format!("{:?}", loaded.effective()).contains("do-not-tell"));
    assert!(!ignored(&loaded).join("\n").contains("do-not-tell"));
    let wrong = refusal("version: 0.1\nhttp:\n  secret: [do-not-tell]\n  headers: do-not-tell\n");
    assert!(!wrong.contains("do-not-tell"), "{wrong}");
}

#[test]
fn everything_that_is_wrong_is_told_in_the_order_of_the_file() {
    let told = refusal(
        "version: 0.1\nlog:\n  level: loud\nstorage:\n  delete:\n    enabled: maybe\n  s3: {bucket: a}\n\
         http:\n  addr: localhost\n  draintimeout: 60\n  tls: {certificate: /cert.pem}\n  headers: {X: y}\n",
    );
    insta::assert_snapshot!(told, @r#"
    config.yml:3:3: log.level: expected one of error, warn, info, debug, found `loud`. Write one of them.
    config.yml:6:5: storage.delete.enabled: expected true or false, found `maybe`. Write true or false.
    config.yml:7:3: storage.s3: blobs lie in a folder here. Copy them into one (rclone does that) and write filesystem with rootdirectory.
    config.yml:9:9: http.addr: expected an address with a port, found `localhost`. Write one such as :5000 or 127.0.0.1:5000.
    config.yml:10:3: http.draintimeout: expected a duration, found `60`. Write a unit with it, such as 60s, 60m or 60h.
    config.yml:11:22: http.tls.key: is missing, and a certificate needs it. Write the file of its private key.
    config.yml:12:3: http.headers: expected a list of values for each header. Write X: [value].
    "#);
}

#[test]
fn a_key_that_is_not_there_is_told_with_the_nearest_one() {
    let loaded = file("version: 0.1\nhttp:\n  adr: :5000\nstorag: {}\nlog: {accesslog: {disable: true}}\nxyzzy: 1\n");
    insta::assert_snapshot!(ignored(&loaded).join("\n"), @r#"
    config.yml:3:3: http.adr: there is no such key; did you mean addr?
    config.yml:4:1: storag: there is no such key; did you mean storage?
    config.yml:5:19: log.accesslog.disable: there is no such key; did you mean disabled?
    config.yml:6:1: xyzzy: there is no such key
    "#);
}

#[test]
fn what_must_be_there_together_is_told() {
    for (text, expected) in [
        ("auth: {htpasswd: {realm: a}}", "config.yml:2:18: auth.htpasswd.path: is missing. Write the file of users."),
        ("auth: htpasswd", "config.yml:2:7: auth.htpasswd.realm: is missing. Write any name, such as Registry."),
        ("auth: {token: {realm: a, service: b, issuer: c}}", "auth.token.rootcertbundle: is missing, and so is jwks."),
        ("auth: {htpasswd: {realm: a, path: /b}, none: {}}", "auth: exactly one kind, found htpasswd and none."),
        ("auth: {ldap: {}}", "config.yml:2:8: auth.ldap: there is no such kind of auth."),
        ("auth: {silly: {realm: a, service: b}}", "auth.silly: it lets everyone in"),
        ("storage: {minio: {}}", "config.yml:2:11: storage.minio: there is no such storage driver. Write filesystem."),
        ("storage: inmemory", "config.yml:2:10: storage.inmemory: write filesystem"),
        ("storage: {filesystem: {}, cache: {blobdescriptor: redis}}", "storage.cache.blobdescriptor: a shared cache"),
        ("storage: {maintenance: {uploadpurging: {interval: 0}}}", "expected a second or more."),
        (
            "middleware: {storage: [{name: cloudfront, options: {baseurl: a}}]}",
            "middleware: there is no middleware here.",
        ),
        ("proxy: {remoteurl: https://registry-1.docker.io}", "config.yml:2:1: proxy: this registry is no cache"),
        ("http: {tls: {key: /k}}", "config.yml:2:19: http.tls.certificate: is missing"),
        ("http: {tls: {clientcas: [/ca]}}", "http.tls.clientcas: clients show certificates over TLS only."),
        (
            "http: {tls: {letsencrypt: {cachefile: /a, email: b@c}}}",
            "http.tls.letsencrypt: certificates are not fetched",
        ),
        ("http: {tls: {certificate: /c, key: /k, ciphersuites: [TLS_X]}}", "there is no suite \"TLS_X\"."),
        (
            "http: {tls: {certificate: /c, key: /k, ciphersuites: [TLS_RSA_WITH_AES_128_CBC_SHA]}}",
            "http.tls.ciphersuites: none of these is spoken.",
        ),
        (
            "http: {tls: {certificate: /c, key: /k, clientauth: require-any-client-cert}}",
            "http.tls.clientauth: any certificate at all proves nothing.",
        ),
        ("http: {net: unix}", "http.addr: is missing. Write the path of the socket"),
        ("http: {debug: {addr: 5001}}", "http.debug.addr: expected an address with a port, found `5001`."),
        ("http: {debug: {prometheus: {path: metrics}}}", "http.debug.prometheus.path: expected a path that begins"),
        ("notifications: {endpoints: [{name: a}]}", "config.yml:2:29: notifications.endpoints[0].url: is missing."),
        (
            "notifications: {endpoints: [{name: a, url: 'http://a'}, {name: a, url: 'http://b'}]}",
            "notifications.endpoints[1].name: \"a\" is the name of the one at config.yml:2:29, too.",
        ),
        ("notifications: {endpoints: [a]}", "notifications.endpoints[0]: expected keys below it, found `a`."),
        ("health: {tcp: [{timeout: 3s}]}", "health.tcp[0].addr: is missing."),
        ("health: {http: [{uri: 'http://a', statuscode: 9}]}", "health.http[0].statuscode: expected a status"),
        ("policy: {repository: {classes: [image]}}", "policy.repository.classes: repositories have no classes"),
        ("validation: {manifests: {urls: {allow: ['(']}}}", "Mend this one: ("),
        ("validation: {manifests: {indexes: {platforms: list}}}", "indexes.platforms: which platforms of an index"),
        ("tags: {maxtags: -1}", "tags.maxtags: expected a number that is not negative, found `-1`."),
        ("humpback: {trustedproxies: [proxy]}", "humpback.trustedproxies: expected addresses and networks."),
        ("humpback: {corsorigins: [a]}", "humpback.corsorigins: expected origins as the browser sends them."),
    ] {
        let told = refusal(&format!("version: 0.1\n{text}\n"));
        assert!(told.contains(expected), "{text}:\n{told}\n  lacks: {expected}");
        assert!(told.lines().all(|line| line.starts_with("config.yml:2:")), "{told}");
    }
}

#[test]
fn what_would_have_been_refused_is_not_when_it_says_nothing() {
    for text in [
        "middleware: {storage: []}",
        "middleware: {storage: [{name: cloudfront, disabled: true, options: {baseurl: a}}]}",
        "proxy: {remoteurl: ''}",
        "http: {tls: {letsencrypt: {cachefile: '', hosts: []}}}",
        "policy: {repository: {classes: []}}",
        "auth: {}",
        "auth:",
        "auth: none",
    ] {
        let loaded = file(&format!("version: 0.1\n{text}\n"));
        assert!(matches!(*loaded.settings.auth, Auth::None), "{text}");
    }
}

#[test]
fn parts_of_values_that_have_no_effect_are_told() {
    let loaded = file(
        "version: 0.1\nhttp:\n  tls:\n    certificate: /c\n    key: /k\n    clientauth: request-client-cert\n    minimumtls: tls1.0\n    \
         ciphersuites: [TLS_RSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n",
    );
    insta::assert_snapshot!(ignored(&loaded).join("\n"), @r#"
    config.yml:6:17: http.tls.clientauth: nobody looks at such certificates, so none is asked for
    config.yml:7:17: http.tls.minimumtls: tls1.0 is not spoken any more: TLS 1.2 is the lowest version
    config.yml:8:19: http.tls.ciphersuites: TLS_RSA_WITH_AES_128_CBC_SHA is not spoken: it is not safe any more
    "#);
    let tls = loaded.settings.http.tls.unwrap();
    assert_eq!(tls.cipher_suites.value, ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]);
    assert_eq!((tls.minimum.value, tls.client_auth.value), (http::TlsVersion::Tls12, http::ClientAuth::Off));
}

#[test]
fn distributions_values_for_the_default_are_the_default() {
    let loaded = file(
        "version: 0.1\ncatalog: {maxentries: -5}\ntags: {maxtags: 0}\nvalidation: {enabled: true, disabled: true}\n\
         loglevel: debug\nnotifications: {endpoints: [{url: 'http://a', timeout: 0, threshold: -1}]}\n\
         health: {file: [{file: /a, interval: 0s}]}\n",
    );
    let settings = loaded.settings;
    assert_eq!((*settings.lists.catalog_max, *settings.lists.tags_max), (None, None));
    assert!(!*settings.validation.disabled);
    assert_eq!(settings.log.level.as_str(), "debug");
    let endpoint = &settings.notifications.endpoints[0];
    assert_eq!(
        (endpoint.name.as_str(), endpoint.threshold, endpoint.timeout),
        ("http://a", 10, Duration::from_secs(1))
    );
    assert_eq!(settings.health.files[0].interval, Duration::from_secs(10));
}
