//! What a client tells of itself in `User-Agent`.
//!
//! Written by the programs themselves: moby `dockerversion/useragent.go`, containerd `remotes/docker`, BuildKit
//! `version/ua.go`, podman `libpod/runtime_img.go`, buildah `define`, CRI-O `server/useragent`, go-containerregistry
//! `transport/useragent.go`, regclient `scheme/reg`, ORAS and Helm.

use super::{Client, Program};

/// Longer words are cut: nobody's name or version is that long.
const WORD_MAX: usize = 32;

/// What the programs call themselves, in lower case.
const PROGRAMS: [(&str, Program); 17] = [
    ("docker", Program::Docker),
    ("docker-client", Program::DockerCommand),
    ("containerd", Program::Containerd),
    ("buildkit", Program::Buildkit),
    ("libpod", Program::Podman),
    ("podman", Program::Podman),
    ("buildah", Program::Buildah),
    ("skopeo", Program::Skopeo),
    ("containers", Program::ContainersImage),
    ("cri-o", Program::CriO),
    ("kaniko", Program::Kaniko),
    ("crane", Program::Crane),
    ("go-containerregistry", Program::GoContainerregistry),
    ("cosign", Program::Cosign),
    ("oras", Program::Oras),
    ("helm", Program::Helm),
    ("curl", Program::Curl),
];

const SYSTEMS: [&str; 4] = ["linux", "windows", "darwin", "freebsd"];
const PROCESSORS: [&str; 9] = ["amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "mips64le", "loong64"];

/// Reads a header. Total: what is not understood is left out.
pub fn parse(header: &str) -> Client {
    let mut words = header.split_ascii_whitespace();
    let Some(product) = words.next() else { return Client::default() };
    let (name, version) = product.split_once('/').unwrap_or((product, ""));
    let mut client = Client {
        program: program(&name.to_ascii_lowercase(), name),
        version: version_of(version),
        ..Client::default()
    };
    if client.program == Program::Browser {
        return Client { program: Program::Browser, ..Client::default() };
    }
    if name == "regclient" {
        // `regclient/regctl (v0.4.5)`: the version stands where others have the system.
        client.program = Program::Regctl;
        client.version = words.next().and_then(|comment| version_of(comment.trim_matches(['(', ')'])));
        return client;
    }
    // What stands in `UpstreamClient(…)` is the command's own, which may run on another system than the daemon.
    for word in words.take_while(|word| !word.starts_with("UpstreamClient(")) {
        let bare = word.trim_matches(['(', ')', ';', ',', '\\']);
        let bare = bare.strip_prefix("os/").or_else(|| bare.strip_prefix("arch/")).unwrap_or(bare).to_ascii_lowercase();
        if SYSTEMS.contains(&bare.as_str()) {
            client.os.get_or_insert(bare);
        } else if PROCESSORS.contains(&bare.as_str()) {
            client.architecture.get_or_insert(bare);
        }
    }
    client
}

fn program(lower: &str, name: &str) -> Program {
    if lower == "mozilla" {
        return Program::Browser;
    }
    if let Some((_, program)) = PROGRAMS.iter().find(|(known, _)| *known == lower) {
        return program.clone();
    }
    match word(name) {
        Some(name) => Program::Other(name),
        None => Program::Unknown,
    }
}

/// A version without its `v`; nothing if it has no digit.
fn version_of(text: &str) -> Option<String> {
    let bare = text.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    word(bare.unwrap_or(text)).filter(|version| version.contains(|c: char| c.is_ascii_digit()))
}

/// What of a client's text may be shown.
fn word(text: &str) -> Option<String> {
    let kept: String =
        text.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.+~".contains(*c)).take(WORD_MAX).collect();
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Program, version, system and processor, as one line.
    fn read(header: &str) -> String {
        let client = parse(header);
        let program = client.program.name().map_or_else(|| format!("{:?}", client.program), str::to_owned);
        let parts = [client.version, client.os, client.architecture].map(|part| part.unwrap_or_else(|| "-".into()));
        format!("{program} {}", parts.join(" "))
    }

    #[test]
    fn docker_of_every_age() {
        for (header, expected) in [
            (
                "docker/24.0.5 go/go1.20.6 git-commit/a61e2b4 kernel/5.15.0-78-generic os/linux arch/amd64 \
                 UpstreamClient(Docker-Client/24.0.5 \\(windows\\))",
                "Docker 24.0.5 linux amd64",
            ),
            (
                "docker/1.8.3 go/go1.4.2 git-commit/f4bf5c7 kernel/3.10.0-229.el7.x86_64 os/linux arch/amd64",
                "Docker 1.8.3 linux amd64",
            ),
            (
                "docker/1.13.1 go/go1.10.3 kernel/3.10.0-327.el7.x86_64 os/linux arch/amd64 \
                 UpstreamClient(Docker-Client/1.13.1 \\(linux\\))",
                "Docker 1.13.1 linux amd64",
            ),
            (
                "docker/18.03.0-ce go/go1.9.4 git-commit/0520e24 os/windows arch/amd64 \
                 UpstreamClient(Docker-Client/18.03.0-ce \\(windows\\))",
                "Docker 18.03.0-ce windows amd64",
            ),
            ("docker/20.10.24+dfsg1 go/go1.19.8 kernel/6.1 os/linux arch/arm64", "Docker 20.10.24+dfsg1 linux arm64"),
            ("Docker-Client/20.10.24 (linux)", "docker 20.10.24 linux -"),
        ] {
            assert_eq!(read(header), expected);
        }
    }

    #[test]
    fn the_other_clients() {
        for (header, expected) in [
            ("containerd/1.6.20~ds1", "containerd 1.6.20~ds1 - -"),
            ("containerd/v1.7.11-k3s2", "containerd 1.7.11-k3s2 - -"),
            ("containerd/2.0.0+unknown", "containerd 2.0.0+unknown - -"),
            ("buildkit/v0.12", "BuildKit 0.12 - -"),
            ("libpod/4.3.1", "Podman 4.3.1 - -"),
            ("Buildah/1.28.2", "Buildah 1.28.2 - -"),
            ("skopeo/1.9.3", "Skopeo 1.9.3 - -"),
            ("containers/5.23.0 (github.com/containers/image)", "containers/image 5.23.0 - -"),
            ("cri-o/1.28.0 go/go1.20.6 os/linux arch/amd64", "CRI-O 1.28.0 linux amd64"),
            ("kaniko/v1.9.1 go-containerregistry/v0.8.1", "Kaniko 1.9.1 - -"),
            ("crane/v0.19.0 go-containerregistry/v0.19.0", "Crane 0.19.0 - -"),
            ("go-containerregistry/v0.20.3", "go-containerregistry 0.20.3 - -"),
            ("cosign/v2.2.4 (linux; amd64) go-containerregistry/v0.19.1", "Cosign 2.2.4 linux amd64"),
            ("regclient/regctl (v0.4.5)", "regctl 0.4.5 - -"),
            ("oras/1.1.0", "ORAS 1.1.0 - -"),
            ("Helm/3.14.0", "Helm 3.14.0 - -"),
            ("curl/7.88.1", "curl 7.88.1 - -"),
            ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "Browser - - -"),
            ("Go-http-client/1.1", "Go-http-client 1.1 - -"),
        ] {
            assert_eq!(read(header), expected);
        }
    }

    #[test]
    fn what_is_no_name_is_not_shown() {
        assert_eq!(parse(""), Client::default());
        assert_eq!(read("<script>alert(1)</script>"), "scriptalert1 - - -");
        assert_eq!(parse("\u{202e}\u{7}/\u{7}"), Client::default());
        assert_eq!(read(&format!("{}/1", "x".repeat(500))), format!("{} 1 - -", "x".repeat(32)));
    }

    proptest::proptest! {
        #[test]
        fn any_header_gives_short_clean_words(header in ".{0,200}") {
            let client = parse(&header);
            let name = client.program.name().map(str::to_owned);
            for word in [name, client.version, client.os, client.architecture].into_iter().flatten() {
                proptest::prop_assert!(word.len() <= WORD_MAX && word.is_ascii(), "{}", word);
            }
        }
    }
}
