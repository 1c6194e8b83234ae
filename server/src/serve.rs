//! Puts the parts together and runs them until told to stop.

use std::{io, net::SocketAddr, path::PathBuf, time::Duration};

use app::api::context::Console;
use axum::{Extension, middleware};
use humpback::{
    access::Guard,
    audit_log::AuditLog,
    auth::{self, Auth},
    blob_store::{self, BlobStore},
    clock::Clock,
    config_store::ConfigStore,
    jobs::{AdoptionJob, AuditPurge, MirrorJob, UploadPurge},
    metadata::{self, Metadata},
    registry::{self, MirrorRound, Policy, Registry},
    v1, v2,
    visits::Visits,
};
use tokio::net::TcpListener;
use tower::util::option_layer;

use crate::{
    announce::Announcement,
    cli::ServeOptions,
    console, cors, first_administrator,
    health::{self, Health},
    listener, request_log,
    root_lock::{self, RootLock},
    shutdown,
};

/// How long the tree may take to follow once the last request is answered.
const MIRROR_TIMEOUT: Duration = Duration::from_secs(20);

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
    /// The engine can't begin to work.
    #[error(transparent)]
    Registry(#[from] registry::Error),
    /// Accounts can't be read.
    #[error(transparent)]
    Auth(#[from] auth::Error),
    /// The first administrator can't be made.
    #[error(transparent)]
    FirstAdministrator(#[from] first_administrator::Error),
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
        match self {
            Self::Root { .. } | Self::Listen { .. } | Self::Lock(root_lock::Error::Held { .. }) => true,
            Self::FirstAdministrator(error) => error.is_usage(),
            _ => false,
        }
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
    let state = options.root.join("humpback");
    let made = std::fs::create_dir_all(&state).and_then(|()| options.root.canonicalize());
    let root = made.map_err(|source| Error::Root { path: options.root.clone(), source })?;
    let _lock = RootLock::acquire(&root)?;

    let clock = Clock::system();
    let metadata = Metadata::open(&state.join("humpback.db")).await?;
    let policy = Policy { sparse: options.sparse, adopt: true, ..Policy::default() };
    let registry = Registry::with_policy(metadata.clone(), BlobStore::open(&root)?, clock.clone(), policy);
    registry.ensure_signing_key().await?;
    let config = ConfigStore::open(metadata.clone(), clock.clone()).await?;
    let auth = Auth::open(metadata.clone(), clock.clone()).await?;
    first_administrator::ensure(&auth).await?;
    let setup_code = auth.setup_code().map(|code| code.to_string());

    let stop = shutdown::on_signal().map_err(Error::Start)?;
    let visits = Visits::new(clock.clone(), stop.clone());
    let urls = options.urls();
    let settings = v2::Settings {
        anonymous_delete: options.anonymous_delete,
        manifest_bytes: options.manifest_limit,
        urls: urls.clone(),
    };
    let guard = Guard::Open;
    let access = guard.kind();
    let search = v1::router(registry.clone(), config.clone(), guard.clone());
    let api = v2::Api { registry: registry.clone(), config: config.clone(), guard, auth: auth.clone(), settings };
    let health = Health { registry: registry.clone(), stop: stop.clone() };
    let purge = UploadPurge::new(registry.clone());
    let audit = AuditLog::new(metadata.clone(), clock.clone());
    let audit_purge = AuditPurge::new(audit.clone());
    let (adoption, mirror) = (AdoptionJob::new(registry.clone()), MirrorJob::new(registry.clone()));
    let distribution = search.merge(v2::router(api));
    let distribution = distribution.layer(option_layer(cors::layer(&options.cors_origin)));
    let router = health::router(health)
        .merge(app::security::harden_api(distribution))
        .merge(console::router(Console { registry, config, auth, audit, access, clock }).layer(Extension(urls)))
        .layer(middleware::from_fn(request_log::log))
        .layer(Extension(visits.clone()))
        .layer(Extension(options.trusted_proxies()));

    let (listener, addr) = listen(options.addr).await.map_err(|source| Error::Listen { addr: options.addr, source })?;
    Announcement { addr, root: &root, setup_code: setup_code.as_deref() }.publish(options.log_format);

    tokio::spawn(purge.run(stop.clone()));
    tokio::spawn(audit_purge.run(stop.clone()));
    tokio::spawn(adoption.run(stop.clone()));
    tokio::spawn(mirror.clone().run(stop.clone()));
    let cut = listener::serve(listener, router, visits, stop, options.shutdown_timeout).await;
    if cut > 0 {
        tracing::warn!(connections = cut, "Some requests did not finish in time and were cut");
    }
    finish_mirror(&mirror).await;
    metadata.close().await;
    tracing::info!("Stopped");
    Ok(())
}

/// Brings Distribution's tree up to date, if that is done soon; what is left is written after the next start.
async fn finish_mirror(mirror: &MirrorJob) {
    match tokio::time::timeout(MIRROR_TIMEOUT, mirror.run_once()).await {
        Ok(Ok(MirrorRound { failed: 0, .. })) => {}
        Ok(Err(error)) => tracing::error!(%error, "Distribution's tree could not be brought up to date"),
        _ => tracing::warn!("Distribution's tree is not up to date: the rest is written after the next start"),
    }
}

/// The listener, and where it listens: port 0 becomes a real one.
async fn listen(addr: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(addr).await?;
    let addr = listener.local_addr()?;
    Ok((listener, addr))
}
