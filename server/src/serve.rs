//! Puts the parts together and runs them until told to stop.

use std::{io, net::SocketAddr, path::PathBuf};

use axum::{Router, middleware};
use humpback::{
    blob_store::{self, BlobStore},
    clock::Clock,
    metadata::{self, Metadata},
    registry::Registry,
};
use tokio::net::TcpListener;

use crate::{
    announce::Announcement,
    cli::ServeOptions,
    console,
    health::{self, Health},
    listener, request_log,
    root_lock::{self, RootLock},
    shutdown,
};

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder can't be made.
    #[error("the data folder {path}: {source}; give a folder that this user may write to with --root")]
    Root {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The data folder can't be had for this process alone.
    #[error(transparent)]
    Lock(#[from] root_lock::Error),
    /// The database can't be opened.
    #[error(transparent)]
    Metadata(#[from] metadata::Error),
    /// The blob store can't be opened.
    #[error(transparent)]
    BlobStore(#[from] blob_store::Error),
    /// The address can't be had.
    #[error("listening on {addr}: {source}; is another server running there? Choose another one with --addr")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused something else at start.
    #[error("starting: {0}")]
    Start(#[source] io::Error),
}

impl Error {
    /// Whether the call was wrong, not the world.
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::Root { .. } | Self::Listen { .. } | Self::Lock(root_lock::Error::Held { .. }))
    }
}

/// Serves until a signal ends it.
///
/// # Errors
/// It could not start.
pub fn run(options: ServeOptions) -> Result<(), Error> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Start)?.block_on(serve(options))
}

async fn serve(options: ServeOptions) -> Result<(), Error> {
    let ServeOptions { addr, root, log_format, shutdown_timeout, .. } = options;
    let state = root.join("humpback");
    let made = std::fs::create_dir_all(&state).and_then(|()| root.canonicalize());
    let root = made.map_err(|source| Error::Root { path: root, source })?;
    let _lock = RootLock::acquire(&root)?;

    let metadata = Metadata::open(&state.join("humpback.db")).await?;
    let registry = Registry::new(metadata.clone(), BlobStore::open(&root)?, Clock::system());

    let stop = shutdown::on_signal().map_err(Error::Start)?;
    let router = Router::new()
        .merge(health::router(Health { registry, stop: stop.clone() }))
        .merge(console::router())
        .layer(middleware::from_fn(request_log::log));

    let listen = async || {
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        Ok((listener, addr))
    };
    let (listener, addr) = listen().await.map_err(|source| Error::Listen { addr, source })?;
    Announcement { addr, root: &root, setup_code: None }.publish(log_format);

    let cut = listener::serve(listener, router, stop, shutdown_timeout).await;
    if cut > 0 {
        tracing::warn!(connections = cut, "Some requests did not finish in time and were cut");
    }
    metadata.close().await;
    tracing::info!("Stopped");
    Ok(())
}
