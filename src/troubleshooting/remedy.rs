//! What mends a problem: commands and settings with the registry's address in them, and the guide for what takes more
//! than a command.

use super::Problem::{self, *};
use crate::config::{RegistryAddress, Scheme};

/// Where something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    /// In a shell on the client machine, whatever it runs.
    Client,
    /// Docker Engine on Linux.
    Docker,
    /// Docker Engine on Linux with systemd.
    Systemd,
    /// Podman, Buildah, Skopeo, CRI-O.
    Podman,
    /// containerd, and Kubernetes on it.
    Containerd,
    /// A builder of buildx.
    Buildx,
    /// Kubernetes, with `kubectl`.
    Kubectl,
    /// On the machine that makes the certificate.
    Certificate,
    /// On the registry's own machine.
    Registry,
    /// nginx in front of the registry.
    Nginx,
    /// Traefik in front of the registry.
    Traefik,
}

impl Platform {
    /// The key of its name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Docker => "docker",
            Self::Systemd => "systemd",
            Self::Podman => "podman",
            Self::Containerd => "containerd",
            Self::Buildx => "buildx",
            Self::Kubectl => "kubectl",
            Self::Certificate => "certificate",
            Self::Registry => "registry",
            Self::Nginx => "nginx",
            Self::Traefik => "traefik",
        }
    }

    /// Every platform.
    pub const ALL: [Self; 11] = [
        Self::Client,
        Self::Docker,
        Self::Systemd,
        Self::Podman,
        Self::Containerd,
        Self::Buildx,
        Self::Kubectl,
        Self::Certificate,
        Self::Registry,
        Self::Nginx,
        Self::Traefik,
    ];
}

/// A text to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Where it belongs.
    pub platform: Platform,
    /// The file it belongs into; `None` for commands.
    pub file: Option<String>,
    /// The text, without a newline at its end.
    pub text: String,
}

impl Problem {
    /// The setup guide's targets whose steps mend it, by their slugs.
    pub const fn targets(self) -> &'static [&'static str] {
        match self {
            PlainHttp | UnknownAuthority => {
                &["linux", "docker-desktop-mac", "docker-desktop-windows", "podman", "containerd", "k3s", "buildx"]
            }
            SeparateBuilder => &["buildx", "buildkit"],
            Kubernetes => &["containerd", "k3s", "kind", "openshift"],
            FlagAndFile | OldDaemonJson | FlagMissing | LostOnUpdate => &["linux", "centos-7"],
            BadJson | NoEffect => &["linux", "docker-desktop-mac", "docker-desktop-windows"],
            _ => &[],
        }
    }
}

/// The registry's address in the forms that commands need.
struct Site {
    /// `host:port`, as in an image's name.
    prefix: String,
    /// The host alone.
    host: String,
    /// `host:port` also where the port is the scheme's own.
    endpoint: String,
    url: String,
    /// What a certificate has to name.
    san: String,
}

impl Site {
    fn of(address: &RegistryAddress) -> Self {
        let (prefix, host) = (address.authority(), address.host());
        let scheme = address.scheme().unwrap_or(if address.port() == Some(443) { Scheme::Https } else { Scheme::Http });
        let bare = host.trim_matches(['[', ']']);
        let kind = if bare.parse::<std::net::IpAddr>().is_ok() { "IP" } else { "DNS" };
        Self {
            url: format!("{}://{prefix}", scheme.as_str()),
            endpoint: format!("{host}:{}", address.port().unwrap_or_else(|| scheme.default_port())),
            san: format!("{kind}:{bare}"),
            prefix,
            host,
        }
    }
}

/// What mends the problem, in the order in which it is worth trying.
pub fn remedies(problem: Problem, address: &RegistryAddress) -> Vec<Remedy> {
    let Site { prefix, host, endpoint, url, san } = &Site::of(address);
    let run = |platform, text: String| Remedy { platform, file: None, text };
    let file = |platform, file: &str, text: String| Remedy { platform, file: Some(file.to_owned()), text };
    let listed =
        || run(Platform::Docker, "docker info 2>/dev/null | sed -n '/Insecure Registries/,/Live Restore/p'".to_owned());
    let find_places = || {
        run(
            Platform::Docker,
            "ps -ww -C dockerd,dockerd-current,docker -o args=\nsystemctl cat docker | grep -E 'ExecStart|EnvironmentFile'\n\
             grep -sn 'insecure-registry\\|DOCKER_OPTS\\|^OPTIONS\\|other_args' /etc/sysconfig/docker /etc/default/docker /etc/conf.d/docker"
                .to_owned(),
        )
    };
    let validate = || {
        run(
            Platform::Docker,
            "dockerd --validate --config-file /etc/docker/daemon.json || python3 -m json.tool /etc/docker/daemon.json"
                .to_owned(),
        )
    };
    let look = || run(Platform::Client, format!("curl -i {url}/v2/"));
    let certificate = || {
        run(
            Platform::Client,
            format!(
                "openssl s_client -connect {endpoint} -servername {host} </dev/null 2>/dev/null | openssl x509 -noout -dates -issuer -ext subjectAltName"
            ),
        )
    };
    let reissue = || {
        run(
            Platform::Certificate,
            format!(
                "openssl req -x509 -newkey rsa:3072 -nodes -days 825 -keyout registry.key -out registry.crt -subj '/CN={host}' -addext 'subjectAltName={san}'"
            ),
        )
    };
    match problem {
        PlainHttp => vec![
            listed(),
            file(Platform::Docker, "/etc/docker/daemon.json", format!("{{\n  \"insecure-registries\": [\"{prefix}\"]\n}}")),
            file(
                Platform::Podman,
                "/etc/containers/registries.conf.d/humpback.conf",
                format!("[[registry]]\nlocation = \"{prefix}\"\ninsecure = true"),
            ),
            file(
                Platform::Containerd,
                &format!("/etc/containerd/certs.d/{prefix}/hosts.toml"),
                format!("server = \"http://{prefix}\"\n\n[host.\"http://{prefix}\"]\n  capabilities = [\"pull\", \"resolve\", \"push\"]"),
            ),
        ],
        SeparateBuilder => vec![
            file(Platform::Buildx, "buildkitd.toml", format!("[registry.\"{prefix}\"]\n  http = true")),
            run(
                Platform::Buildx,
                "docker buildx create --use --bootstrap --name humpback --driver docker-container --config buildkitd.toml".to_owned(),
            ),
        ],
        PlainToTls => vec![run(Platform::Client, format!("curl -i https://{prefix}/v2/")), listed()],
        UnknownAuthority | CaFileName => vec![
            run(
                Platform::Docker,
                format!("mkdir -p /etc/docker/certs.d/{prefix}\ncp ca.crt /etc/docker/certs.d/{prefix}/ca.crt\nls -l /etc/docker/certs.d/{prefix}"),
            ),
            run(
                Platform::Podman,
                format!("mkdir -p /etc/containers/certs.d/{prefix}\ncp ca.crt /etc/containers/certs.d/{prefix}/ca.crt"),
            ),
            run(
                Platform::Client,
                format!("openssl s_client -connect {endpoint} -servername {host} -showcerts </dev/null 2>/dev/null | grep -E ' s:| i:'"),
            ),
        ],
        NoIpSan | CommonName | WrongName => vec![certificate(), reissue()],
        Expired => vec![run(Platform::Client, "date --utc".to_owned()), certificate(), reissue()],
        Refused => vec![look(), run(Platform::Registry, "ss -ltnp".to_owned())],
        Timeout => vec![look(), run(Platform::Client, "env | grep -i proxy\nip route".to_owned())],
        NoSuchHost => vec![run(Platform::Client, format!("getent hosts {host}"))],
        CompanyProxy => vec![
            file(
                Platform::Systemd,
                "/etc/systemd/system/docker.service.d/no-proxy.conf",
                format!("[Service]\nEnvironment=\"NO_PROXY=localhost,127.0.0.1,{host}\""),
            ),
            run(Platform::Systemd, "systemctl daemon-reload\nsystemctl restart docker\nsystemctl show --property=Environment docker".to_owned()),
        ],
        FlagAndFile | HostsConflict => {
            vec![find_places(), run(Platform::Systemd, "journalctl -u docker --since -10min --no-pager | tail -n 20".to_owned())]
        }
        OldDaemonJson => vec![
            run(Platform::Docker, "docker version --format '{{.Server.Version}}'".to_owned()),
            file(Platform::Docker, "/etc/sysconfig/docker", format!("INSECURE_REGISTRY='--insecure-registry {prefix}'")),
        ],
        BadJson => vec![validate()],
        FlagMissing => {
            vec![file(Platform::Docker, "/etc/sysconfig/docker", format!("INSECURE_REGISTRY='--insecure-registry {prefix}'"))]
        }
        NoEffect => vec![
            listed(),
            find_places(),
            validate(),
            run(Platform::Systemd, "systemctl reload docker\njournalctl -u docker --since -2min --no-pager".to_owned()),
        ],
        LostOnUpdate => vec![run(Platform::Systemd, "systemctl cat docker\nls /etc/systemd/system/docker.service.d/".to_owned())],
        Kubernetes => vec![
            run(Platform::Kubectl, "kubectl get nodes -o wide\nkubectl describe pod POD".to_owned()),
            run(Platform::Containerd, format!("crictl pull {prefix}/REPOSITORY:TAG")),
            run(
                Platform::Kubectl,
                format!(
                    "kubectl create secret docker-registry humpback --docker-server={prefix} --docker-username=USER --docker-password=PASSWORD"
                ),
            ),
        ],
        Unauthorized => vec![
            run(Platform::Docker, format!("docker logout {prefix}\ndocker login {prefix}")),
            run(Platform::Podman, format!("podman login {prefix}")),
            look(),
        ],
        TooManyAttempts | Disabled => vec![look()],
        InvalidReference => vec![run(Platform::Docker, format!("docker tag IMAGE {prefix}/team/app:1.0\ndocker push {prefix}/team/app:1.0"))],
        Unknown => vec![
            run(Platform::Client, format!("curl {url}/v2/_catalog\ncurl {url}/v2/REPOSITORY/tags/list")),
            run(Platform::Docker, format!("docker pull {prefix}/REPOSITORY:TAG")),
        ],
        TooLarge => vec![
            file(Platform::Nginx, "server", "client_max_body_size 0;".to_owned()),
            run(Platform::Nginx, "nginx -t && nginx -s reload".to_owned()),
        ],
        CutOff => vec![
            file(Platform::Traefik, "traefik.yml", "entryPoints:\n  websecure:\n    address: \":443\"\n    transport:\n      respondingTimeouts:\n        readTimeout: 0s".to_owned()),
            file(Platform::Nginx, "location /", "proxy_request_buffering off;\nproxy_read_timeout 900s;\nproxy_send_timeout 900s;".to_owned()),
        ],
        WrongLocation => vec![
            run(Platform::Client, format!("curl -si -X POST {url}/v2/probe/blobs/uploads/ | grep -i '^location'")),
            file(
                Platform::Nginx,
                "location /",
                "proxy_set_header Host $http_host;\nproxy_set_header X-Forwarded-Proto $scheme;".to_owned(),
            ),
            run(Platform::Registry, format!("humpback-registry serve --external-url {url}")),
        ],
        UploadUnknown => vec![look()],
        SlowCommit => vec![file(Platform::Nginx, "location /", "proxy_request_buffering off;\nproxy_buffering off;\nproxy_read_timeout 900s;".to_owned())],
        DigestMismatch => vec![run(Platform::Registry, "dmesg --level=err,warn | tail -n 20".to_owned())],
        OutOfSpace => vec![run(Platform::Registry, "df -h".to_owned()), run(Platform::Docker, "docker system df".to_owned())],
        OldProtocol => vec![run(Platform::Docker, "docker version".to_owned()), look()],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn texts(problem: Problem, address: &str) -> String {
        let remedies = remedies(problem, &RegistryAddress::parse(address).unwrap());
        let one = |remedy: Remedy| {
            format!("[{}] {}\n{}", remedy.platform.key(), remedy.file.unwrap_or_default(), remedy.text)
        };
        remedies.into_iter().map(one).collect::<Vec<_>>().join("\n\n")
    }

    #[test]
    fn every_problem_has_something_to_do() {
        for &problem in Problem::ALL {
            let text = texts(problem, "registry.lan:5000");
            assert!(!text.is_empty(), "{problem:?}");
            assert!(!text.contains("  \n") && !text.ends_with('\n'), "{text}");
        }
    }

    #[test]
    fn the_address_is_filled_in() {
        let all: String = Problem::ALL
            .iter()
            .map(|&problem| format!("== {}\n{}\n\n", problem.slug(), texts(problem, "192.168.1.10:5000")))
            .collect();
        insta::assert_snapshot!("remedies", all);
    }

    #[test]
    fn a_certificate_names_an_address_or_a_name() {
        assert!(texts(NoIpSan, "https://192.168.1.10:5000").contains("subjectAltName=IP:192.168.1.10'"));
        assert!(texts(NoIpSan, "https://[2001:db8::1]:5000").contains("subjectAltName=IP:2001:db8::1'"));
        assert!(texts(WrongName, "https://registry.example.com").contains("subjectAltName=DNS:registry.example.com'"));
        assert!(texts(WrongName, "https://registry.example.com").contains("-connect registry.example.com:443 "));
    }
}
