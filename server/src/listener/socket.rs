//! Where connections come from: a TCP port, or a socket in the file system.

use std::{
    fmt, fs, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    os::unix::{fs::FileTypeExt as _, net::UnixStream as BlockingUnixStream},
    path::PathBuf,
};

use humpback::settings::http::Listen;
use tokio::net::{TcpListener, UnixListener, UnixStream};

/// Whose address counts for a client that comes through the file system: only this machine's programs can.
pub const ON_THIS_MACHINE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Takes connections.
#[derive(Debug)]
pub enum Socket {
    /// On a TCP port.
    Tcp(TcpListener),
    /// On a socket in the file system.
    Unix(Unix),
}

/// A socket in the file system; its file is removed at the end.
#[derive(Debug)]
pub struct Unix {
    listener: UnixListener,
    path: PathBuf,
}

/// Where a [`Socket`] really listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// On this port.
    Tcp(SocketAddr),
    /// At this path.
    Unix(PathBuf),
}

impl Socket {
    /// Listens there.
    ///
    /// # Errors
    /// The address can't be had.
    pub async fn bind(listen: &Listen) -> io::Result<Self> {
        match listen {
            Listen::Tcp { host, port } if host.is_empty() => Ok(Self::Tcp(everywhere(*port).await?)),
            Listen::Tcp { host, port } => Ok(Self::Tcp(TcpListener::bind((host.as_str(), *port)).await?)),
            Listen::Unix(path) => Unix::bind(path.clone()).map(Self::Unix),
        }
    }

    /// Where it listens: port 0 has become a real one.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn address(&self) -> io::Result<Address> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(Address::Tcp),
            Self::Unix(unix) => Ok(Address::Unix(unix.path.clone())),
        }
    }
}

/// Both families, as Go listens for `:5000`; the older one alone where the system knows no other.
async fn everywhere(port: u16) -> io::Result<TcpListener> {
    match TcpListener::bind((Ipv6Addr::UNSPECIFIED, port)).await {
        Err(error) if error.kind() != io::ErrorKind::AddrInUse && error.kind() != io::ErrorKind::PermissionDenied => {
            TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await
        }
        bound => bound,
    }
}

impl Unix {
    fn bind(path: PathBuf) -> io::Result<Self> {
        // A process that was killed leaves its socket behind; one that still listens must not lose it.
        let is_socket = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.file_type().is_socket());
        if is_socket && BlockingUnixStream::connect(&path).is_err() {
            fs::remove_file(&path)?;
        }
        Ok(Self { listener: UnixListener::bind(&path)?, path })
    }

    pub(super) async fn accept(&self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }
}

impl Drop for Unix {
    fn drop(&mut self) {
        // If it is gone already, nothing is left to do.
        let _ = fs::remove_file(&self.path);
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(addr) => addr.fmt(f),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn a_socket_left_behind_is_replaced_and_one_in_use_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.sock");
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert!(path.exists(), "left behind");
        let listen = Listen::Unix(path.clone());
        let first = Socket::bind(&listen).await.unwrap();
        assert_eq!(Socket::bind(&listen).await.unwrap_err().kind(), io::ErrorKind::AddrInUse);
        drop(first);
        assert!(!path.exists());
        fs::write(&path, "a file of someone's").unwrap();
        assert!(Socket::bind(&listen).await.is_err());
        assert!(path.exists());
    }

    #[tokio::test]
    async fn no_host_is_every_address() {
        let socket = Socket::bind(&Listen::Tcp { host: String::new(), port: 0 }).await.unwrap();
        let Address::Tcp(addr) = socket.address().unwrap() else { panic!("TCP") };
        assert!(addr.ip().is_unspecified());
        std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, addr.port())).unwrap();
    }
}
