//! Configurations of proxies that a registry works behind: host and scheme are passed on, bodies may be of any size and
//! pass through as they come, nothing is cut off.
//!
//! The whole of the port is passed on, the console too. Proved with nginx 1.22, Caddy 2.6 and Apache 2.4; Traefik's keys
//! are those of its documentation.

use std::fmt::Write as _;

use crate::config::{RegistryAddress, Scheme};

/// The proxies that there is a configuration for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Server {
    /// nginx.
    Nginx,
    /// Caddy 2.
    Caddy,
    /// Traefik 2.11 or newer, and 3.
    Traefik,
    /// Apache 2.4.
    Apache,
}

impl Server {
    /// Every proxy, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Nginx, Self::Caddy, Self::Traefik, Self::Apache];

    /// Its name for itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "Caddy",
            Self::Traefik => "Traefik",
            Self::Apache => "Apache",
        }
    }

    /// The name under which its configuration can be loaded.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Nginx => "nginx.conf",
            Self::Caddy => "Caddyfile",
            Self::Traefik => "traefik.yml",
            Self::Apache => "apache.conf",
        }
    }

    /// The proxy whose configuration has this name.
    pub fn of_file(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|server| server.file() == name)
    }
}

/// A comment in a configuration. Its words are the reader's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remark {
    /// Where the file belongs.
    Place,
    /// Certificate, with all that lead to it.
    Chain,
    /// No limit on bodies.
    AnySize,
    /// With the port, which another variable leaves out.
    HostWithPort,
    /// Where TLS ends before this proxy, what came in has to be passed on instead.
    OuterTls,
    /// Layers pass through as they come.
    NoBuffer,
    /// Layers take their time.
    Patience,
    /// The default cuts pushes after a minute.
    ReadTimeout,
    /// The modules that are needed.
    Modules,
    /// Paths are passed on as they are.
    Untouched,
    /// The other half of the configuration.
    Dynamic,
}

impl Remark {
    /// Every remark.
    pub const ALL: [Self; 11] = [
        Self::Place,
        Self::Chain,
        Self::AnySize,
        Self::HostWithPort,
        Self::OuterTls,
        Self::NoBuffer,
        Self::Patience,
        Self::ReadTimeout,
        Self::Modules,
        Self::Untouched,
        Self::Dynamic,
    ];

    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Chain => "chain",
            Self::AnySize => "any_size",
            Self::HostWithPort => "host_with_port",
            Self::OuterTls => "outer_tls",
            Self::NoBuffer => "no_buffer",
            Self::Patience => "patience",
            Self::ReadTimeout => "read_timeout",
            Self::Modules => "modules",
            Self::Untouched => "untouched",
            Self::Dynamic => "dynamic",
        }
    }
}

/// What a configuration is for. Both addresses have been parsed, so that neither can break out of a line.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// Where clients find the proxy. Without a scheme it is HTTPS, unless a port says otherwise.
    pub address: &'a RegistryAddress,
    /// Where the proxy finds the registry.
    pub upstream: &'a RegistryAddress,
}

impl Sample<'_> {
    /// The configuration with the reader's remarks. Ends with a newline.
    pub fn write(self, server: Server, remark: impl Fn(Remark) -> String) -> String {
        // A comment is one line, whatever the words are.
        let remark = |which| remark(which).replace(['\n', '\r'], " ");
        match server {
            Server::Nginx => self.nginx(remark),
            Server::Caddy => self.caddy(remark),
            Server::Traefik => self.traefik(remark),
            Server::Apache => self.apache(remark),
        }
    }

    fn scheme(self) -> Scheme {
        let by_port = match self.address.port() {
            None | Some(443 | 8443) => Scheme::Https,
            Some(_) => Scheme::Http,
        };
        self.address.scheme().unwrap_or(by_port)
    }

    fn port(self) -> u16 {
        self.address.port().unwrap_or_else(|| self.scheme().default_port())
    }

    fn upstream(self) -> String {
        format!("{}:{}", self.upstream.host(), self.upstream.port().unwrap_or(5000))
    }

    fn nginx(self, remark: impl Fn(Remark) -> String) -> String {
        let (host, port, upstream) = (self.address.host(), self.port(), self.upstream());
        let mut text = format!("# {}\n", remark(Remark::Place));
        let _ = writeln!(text, "upstream humpback_registry {{\n  server {upstream};\n  keepalive 32;\n}}\n\nserver {{");
        if self.scheme() == Scheme::Https {
            let _ = writeln!(
                text,
                "  listen {port} ssl;\n  server_name {host};\n\n  # {}\n  ssl_certificate     /etc/nginx/certs/registry.crt;\n  \
                 ssl_certificate_key /etc/nginx/certs/registry.key;\n  ssl_protocols       TLSv1.2 TLSv1.3;",
                remark(Remark::Chain)
            );
        } else {
            let _ = writeln!(text, "  listen {port};\n  server_name {host};");
        }
        let _ = writeln!(
            text,
            "
  # {any_size}
  client_max_body_size 0;

  location / {{
    proxy_pass http://humpback_registry;
    proxy_http_version 1.1;
    proxy_set_header Connection \"\";

    # {host_with_port}
    proxy_set_header Host $http_host;
    # {outer_tls}
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;

    # {no_buffer}
    proxy_request_buffering off;
    proxy_buffering off;

    # {patience}
    proxy_read_timeout 900s;
    proxy_send_timeout 900s;
  }}
}}",
            any_size = remark(Remark::AnySize),
            host_with_port = remark(Remark::HostWithPort),
            outer_tls = remark(Remark::OuterTls),
            no_buffer = remark(Remark::NoBuffer),
            patience = remark(Remark::Patience),
        );
        text
    }

    fn caddy(self, remark: impl Fn(Remark) -> String) -> String {
        let (host, upstream) = (self.address.host(), self.upstream());
        let site = match (self.scheme(), self.address.port()) {
            (Scheme::Https, None | Some(443)) => host.clone(),
            (Scheme::Https, Some(port)) => format!("{host}:{port}"),
            (Scheme::Http, _) => format!("http://{host}:{}", self.port()),
        };
        let tls = if self.scheme() == Scheme::Https {
            format!("\t# {}\n\t# tls /etc/caddy/registry.crt /etc/caddy/registry.key\n", remark(Remark::Chain))
        } else {
            String::new()
        };
        format!("{site} {{\n{tls}\t# {}\n\treverse_proxy {upstream}\n}}\n", remark(Remark::NoBuffer))
    }

    fn traefik(self, remark: impl Fn(Remark) -> String) -> String {
        let (host, port, upstream) = (self.address.host(), self.port(), self.upstream());
        let tls = if self.scheme() == Scheme::Https { "\n      tls: {}" } else { "" };
        format!(
            "# {place}
entryPoints:
  registry:
    address: \":{port}\"
    transport:
      respondingTimeouts:
        # {read_timeout}
        readTimeout: 0s

---
# {dynamic}
http:
  routers:
    registry:
      rule: \"Host(`{host}`)\"
      entryPoints: [registry]
      service: registry{tls}
  services:
    registry:
      loadBalancer:
        # {host_with_port}
        passHostHeader: true
        servers:
          - url: \"http://{upstream}\"
",
            place = remark(Remark::Place),
            read_timeout = remark(Remark::ReadTimeout),
            dynamic = remark(Remark::Dynamic),
            host_with_port = remark(Remark::HostWithPort),
        )
    }

    fn apache(self, remark: impl Fn(Remark) -> String) -> String {
        let (host, port, upstream, scheme) = (self.address.host(), self.port(), self.upstream(), self.scheme());
        let https = scheme == Scheme::Https;
        let mut text = format!("# {}\n# {}\n", remark(Remark::Place), remark(Remark::Modules));
        // Debian's and RHEL's own files listen on the usual ones.
        if !matches!(port, 80 | 443) {
            let _ = writeln!(text, "Listen {port}");
        }
        let _ = writeln!(text, "<VirtualHost *:{port}>\n  ServerName {host}");
        if https {
            let _ = writeln!(
                text,
                "\n  # {}\n  SSLEngine on\n  SSLCertificateFile    /etc/ssl/registry.crt\n  SSLCertificateKeyFile /etc/ssl/registry.key",
                remark(Remark::Chain)
            );
        }
        let _ = writeln!(
            text,
            "
  # {any_size}
  LimitRequestBody 0

  # {host_with_port}
  ProxyPreserveHost On
  # {outer_tls}
  RequestHeader set X-Forwarded-Proto \"{scheme}\"

  # {untouched}
  ProxyRequests Off
  AllowEncodedSlashes NoDecode
  ProxyPass        / http://{upstream}/ nocanon timeout=900
  ProxyPassReverse / http://{upstream}/
</VirtualHost>",
            any_size = remark(Remark::AnySize),
            host_with_port = remark(Remark::HostWithPort),
            outer_tls = remark(Remark::OuterTls),
            untouched = remark(Remark::Untouched),
            scheme = scheme.as_str(),
        );
        text
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(address: &str, remark: impl Fn(Remark) -> String) -> String {
        let (address, upstream) =
            (RegistryAddress::parse(address).unwrap(), RegistryAddress::parse("127.0.0.1:5000").unwrap());
        let sample = Sample { address: &address, upstream: &upstream };
        let one = |server: Server| format!("== {}\n{}", server.file(), sample.write(server, &remark));
        Server::ALL.map(one).join("\n")
    }

    #[test]
    fn the_address_is_filled_in() {
        let remark = |remark: Remark| format!("({})", remark.key());
        insta::assert_snapshot!("https", written("https://registry.example.com", remark));
        insta::assert_snapshot!("https-port", written("https://registry.example.com:8443", remark));
        insta::assert_snapshot!("http-port", written("http://192.168.1.10:8080", remark));
    }

    #[test]
    fn the_scheme_is_guessed_by_the_port() {
        let remark = |_| String::new();
        assert!(written("registry.example.com", remark).contains("listen 443 ssl;"));
        assert!(written("registry.lan:5000", remark).contains("listen 5000;"));
    }

    #[test]
    fn a_remark_stays_in_its_line() {
        let text = written("registry.example.com", |_| "one\ntwo; }".to_owned());
        assert!(!text.contains("\ntwo"), "{text}");
    }
}
