//! What a person who starts the server needs to know: where the console is, where the data lies, and the setup
//! code while there is no account.

use std::{
    io::{self, Write},
    path::Path,
};

use humpback::settings::log::Format;

use crate::listener::Address;

/// What is said at start.
pub struct Announcement<'a> {
    /// Where the server listens.
    pub address: &'a Address,
    /// Whether it is reached over TLS.
    pub tls: bool,
    /// The data folder.
    pub root: &'a Path,
    /// The one-time code that creates the first administrator, while there is none.
    pub setup_code: Option<&'a str>,
}

impl Announcement<'_> {
    /// Says it: to the standard output for people, or as one event of the log for a collector.
    pub fn publish(&self, format: Format) {
        match format {
            Format::Json => tracing::info!(
                console_url = %self.console_url(),
                addr = %self.address,
                root = %self.root.display(),
                setup_code = self.setup_code,
                "Serving the registry and its console"
            ),
            // Whoever closed the standard output does not want to read it.
            Format::Text => drop(self.write(&mut io::stdout().lock())),
        }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "Humpback Registry {}", env!("CARGO_PKG_VERSION"))?;
        writeln!(out)?;
        writeln!(out, "  Console     {}", self.console_url())?;
        writeln!(out, "  Registry    {}", self.registry())?;
        writeln!(out, "  Data        {}", self.root.display())?;
        if let Some(code) = self.setup_code {
            writeln!(out, "  Setup code  {code}")?;
            writeln!(out)?;
            writeln!(out, "  There is no account yet. Open the console and create the administrator with the setup")?;
            writeln!(out, "  code. It is valid until it is used or the server is started again.")?;
        }
        writeln!(out)?;
        out.flush()
    }

    /// An address that a browser on this machine can open; behind a socket in the file system, a proxy has one.
    fn console_url(&self) -> String {
        match self.address {
            Address::Tcp(_) if self.tls => format!("https://{}/", self.registry()),
            Address::Tcp(_) => format!("http://{}/", self.registry()),
            Address::Unix(path) => format!("unix:{}", path.display()),
        }
    }

    fn registry(&self) -> String {
        match self.address {
            Address::Tcp(addr) if addr.ip().is_unspecified() => format!("localhost:{}", addr.port()),
            address => address.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn said_of(address: Address, tls: bool, setup_code: Option<&str>) -> String {
        let mut out = Vec::new();
        let announcement = Announcement { address: &address, tls, root: Path::new("/srv/registry"), setup_code };
        announcement.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn said(addr: &str, setup_code: Option<&str>) -> String {
        said_of(Address::Tcp(addr.parse().unwrap()), false, setup_code)
    }

    #[test]
    fn tls_and_sockets_in_the_file_system_are_told() {
        let addr = Address::Tcp("127.0.0.1:443".parse().unwrap());
        assert!(said_of(addr, true, None).contains("Console     https://127.0.0.1:443/\n"));
        let path = Address::Unix("/run/registry.sock".into());
        assert!(said_of(path, false, None).contains("Console     unix:/run/registry.sock\n"));
    }

    #[test]
    fn an_address_for_everyone_is_told_as_one_that_opens() {
        assert!(said("0.0.0.0:5000", None).contains("Console     http://localhost:5000/\n"));
        assert!(said("[::]:5000", None).contains("Console     http://localhost:5000/\n"));
        assert!(said("127.0.0.1:81", None).contains("Console     http://127.0.0.1:81/\n"));
        assert!(said("[::1]:81", None).contains("Console     http://[::1]:81/\n"));
    }

    #[test]
    fn the_setup_code_is_said_only_while_it_opens_something() {
        assert!(said("127.0.0.1:5000", Some("ABCD-EFGH")).contains("Setup code  ABCD-EFGH\n"));
        assert!(!said("127.0.0.1:5000", None).contains("code"));
    }
}
