//! Puts the parts together and runs them until told to stop.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use app::api::context::Console;
use axum::{Extension, middleware};
use humpback::{
    access::Guard,
    audit_log::AuditLog,
    auth::{self, Auth},
    authority::{self, AuthorityFiles},
    blob_store::{self, BlobStore},
    clock::Clock,
    config_store::ConfigStore,
    health::Health as Checks,
    jobs::{
        AdoptionJob, AuditPurge, CredentialUses, DeletionPurge, MirrorJob, PullCounts, SearchIndexing, StorageSampling,
        UploadPurge,
    },
    metadata::{self, Metadata},
    notifications::{self, Notifications},
    registry::{self, KeyError, MirrorRound, Policy, Registry, SigningKey},
    remote::Remote,
    rule_store::RuleStore,
    settings::{
        Origin, Settings, Sourced,
        http::{Debug, Listen},
        rules::Indexes,
    },
    source::Sources,
    token_endpoint, v1, v2,
    visits::Visits,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tower::util::option_layer;

use crate::{
    announce::Announcement,
    answer_headers, console, cors, debug, first_administrator, guard,
    health::{self, Health},
    listener::{self, Protocols, Socket},
    metrics::Metrics,
    privileges,
    request_log::{self, Ends},
    root_lock::{self, RootLock},
    shutdown,
    tls::{self, Tls},
};

/// How long the tree may take to follow once the last request is answered.
const MIRROR_TIMEOUT: Duration = Duration::from_secs(20);

/// How long answers about health and metrics may take at the end.
const WATCHERS_TIMEOUT: Duration = Duration::from_secs(1);

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder can't be made.
    #[error("the data folder {path} ({origin}): {source}; give a folder that this user may write to with --root")]
    Root {
        /// The folder.
        path: PathBuf,
        /// Where it was given.
        origin: Origin,
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
    #[error("listening on {listen}: {source}; is another server running there? Choose another one with --addr")]
    Listen {
        /// The address.
        listen: Listen,
        /// What the system said.
        source: io::Error,
    },
    /// The certificate or its key can't be used.
    #[error(transparent)]
    Tls(#[from] tls::Error),
    /// The authority to be handed out is not there.
    #[error("{origin}: humpback.ca: {source}")]
    Authority {
        /// Where it was given.
        origin: Origin,
        /// What is wrong with it.
        source: authority::Error,
    },
    /// Nobody can be let in as the configuration wants it.
    #[error(transparent)]
    Guard(#[from] guard::Error),
    /// The key that signs manifests of schema 1 can't be used.
    #[error("{origin}: compatibility.schema1.signingkeyfile: {source}")]
    SigningKey {
        /// Where it was given.
        origin: Origin,
        /// What is wrong with it.
        source: KeyError,
    },
    /// A pattern of URLs is none.
    #[error("validation.manifests.urls: {0}")]
    UrlRule(#[from] regex::Error),
    /// The client of a health check can't be made.
    #[error("health.http: {0}")]
    Health(#[source] reqwest::Error),
    /// Notifications can't be sent.
    #[error(transparent)]
    Notifications(#[from] notifications::OpenError),
    /// Root's rights can't be given away.
    #[error("going on as the owner of the data folder: {0}")]
    Privileges(#[source] io::Error),
    /// The system refused something else at start.
    #[error("starting: {0}")]
    Start(#[source] io::Error),
}

impl Error {
    /// Whether the call was wrong, not the world.
    pub const fn is_usage(&self) -> bool {
        match self {
            Self::Root { .. }
            | Self::Listen { .. }
            | Self::Tls(_)
            | Self::Authority { .. }
            | Self::Guard(_)
            | Self::SigningKey { .. }
            | Self::UrlRule(_)
            | Self::Health(_)
            | Self::Lock(root_lock::Error::Held { .. }) => true,
            Self::FirstAdministrator(error) => error.is_usage(),
            _ => false,
        }
    }
}

/// Serves until a signal ends it.
///
/// # Errors
/// It could not start.
pub fn run(settings: Settings) -> Result<(), Error> {
    privileges::give_away(&settings.storage.root).map_err(Error::Privileges)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Start)?.block_on(serve(settings))
}

async fn serve(settings: Settings) -> Result<(), Error> {
    // Whatever can be wrong with the configuration is found before anything is made.
    let clock = Clock::system();
    let tokens = guard::tokens(&settings.auth, &clock)?;
    let signing_key = signing_key(&settings)?;
    let url_rule = url_rule(&settings)?;
    let tls = settings.http.tls.as_ref().map(|tls| Tls::open(tls, *settings.http.http2)).transpose()?.map(Arc::new);
    let authority = AuthorityFiles::of(&settings);
    let authority_error = |source| Error::Authority { origin: settings.humpback.ca.origin.clone(), source };
    authority.read().map_err(authority_error)?;

    let state = settings.storage.root.join("humpback");
    let made = std::fs::create_dir_all(&state).and_then(|()| settings.storage.root.canonicalize());
    let root = made.map_err(|source| Error::Root {
        path: settings.storage.root.value.clone(),
        origin: settings.storage.root.origin.clone(),
        source,
    })?;
    let _lock = RootLock::acquire(&root)?;

    let metadata = Metadata::open(&state.join("humpback.db")).await?;
    let policy = Policy {
        sparse: *settings.humpback.sparse,
        schema1_push: *settings.schema1.push,
        sparse_indexes: *settings.validation.indexes == Indexes::None,
        read_only: *settings.storage.read_only,
        adopt: true,
        undo: *settings.humpback.undo,
    };
    let registry = Registry::with_policy(metadata.clone(), BlobStore::open(&root)?, clock.clone(), policy);
    match signing_key {
        Some(key) => drop(registry.use_signing_key(key)),
        None => registry.ensure_signing_key().await?,
    }
    let source = source_address(&settings.http.listen);
    let notifications = Notifications::open(&settings.notifications, source, metadata.clone(), clock.clone()).await?;
    registry.notify(notifications.clone());
    let checks = Checks::new(&settings.health, &registry).map_err(Error::Health)?;
    // Nothing is counted where nobody asks.
    let asked = *settings.http.debug.prometheus && settings.http.debug.listen.is_some();
    let metrics = asked.then(|| {
        let certificate = tls.as_ref().map(|tls| tls.certificate_end().clone());
        Metrics::new(registry.clone(), metadata.commit_seconds(), certificate)
    });
    let config = ConfigStore::open(metadata.clone(), clock.clone()).await?;
    let manifest_bytes = *settings.humpback.manifest_limit;
    let remote = Remote::open(metadata.clone(), config.clone(), &registry, manifest_bytes, clock.clone()).await?;
    let sources = Sources::new(remote);
    let auth = Auth::open(metadata.clone(), clock.clone()).await?;
    first_administrator::ensure(&auth).await?;
    let setup_code = auth.setup_code().map(|code| code.to_string());

    let stop = shutdown::on_signal().map_err(Error::Start)?;
    let visits = Visits::new(clock.clone(), stop.clone());
    let urls = v2::UrlOptions {
        external: settings.http.host.value.clone(),
        prefix: settings.http.prefix.value.clone(),
        relative: *settings.http.relative_urls,
    };
    let source = guard::source(&settings.auth, tokens, &auth).await?;
    let guard = Guard::new(source, auth.clone(), RuleStore::open(metadata.clone(), clock.clone()).await?);
    let tokens = token_endpoint::router(guard.clone(), &settings.http.prefix);
    let search = v1::router(registry.clone(), config.clone(), guard.clone());
    let api = v2::Api {
        registry: registry.clone(),
        config: config.clone(),
        health: checks.clone(),
        guard: guard.clone(),
        settings: v2::Settings {
            anonymous_delete: *settings.storage.delete,
            manifest_bytes: *settings.humpback.manifest_limit,
            urls: urls.clone(),
            catalog_max: *settings.lists.catalog_max,
            tags_max: *settings.lists.tags_max,
            url_rule,
        },
    };
    let health = Health { registry: registry.clone(), stop: stop.clone() };
    let purging = &settings.storage.upload_purging;
    let purge = UploadPurge::new(registry.clone()).with(*purging.age, *purging.interval, *purging.dry_run);
    let audit = AuditLog::new(metadata.clone(), clock.clone());
    let audit_purge = AuditPurge::new(audit.clone());
    let (uses, pulls) = (CredentialUses::new(auth.clone()), PullCounts::new(registry.clone()));
    let deletion_purge = DeletionPurge::new(registry.clone());
    let sampling = StorageSampling::new(registry.clone());
    let searching = SearchIndexing::new(registry.clone());
    let (adoption, mirror) = (AdoptionJob::new(registry.clone()), MirrorJob::new(registry.clone()));
    let distribution = search.merge(tokens).merge(v2::router(api));
    let distribution = distribution.layer(option_layer(cors::layer(&settings.humpback.cors_origins)));
    let distribution = app::security::harden_api(distribution);
    let distribution = if settings.http.headers.is_empty() {
        distribution
    } else {
        distribution.layer(answer_headers::layer(&settings.http.headers))
    };
    let ends = Ends { log: *settings.log.access, metrics: metrics.clone() };
    let router = health::router(health)
        .merge(distribution)
        .merge(
            console::router(Console { registry, config, sources, auth, audit, guard, clock })
                .layer(Extension(urls))
                .layer(option_layer(tls.as_ref().map(|tls| Extension(tls.certificate_end().clone()))))
                .layer(Extension(authority)),
        )
        .layer(middleware::from_fn_with_state(ends, request_log::log))
        .layer(Extension(visits.clone()))
        // What the console takes for its own address, too.
        .layer(option_layer(settings.http.host.value.clone().map(Extension)))
        .layer(Extension(settings.humpback.trusted_proxies.value.clone()));

    let listen_error = |source| Error::Listen { listen: settings.http.listen.value.clone(), source };
    let socket = Socket::bind(&settings.http.listen).await.map_err(listen_error)?;
    let address = socket.address().map_err(Error::Start)?;
    let watching = watch(&settings.http.debug, checks.clone(), metrics, visits.clone(), &stop).await?;
    Announcement { address: &address, tls: tls.is_some(), root: &root, setup_code: setup_code.as_deref() }
        .publish(*settings.log.format);

    tokio::spawn(checks.run(stop.clone()));
    tokio::spawn(notifications.clone().run(stop.clone()));
    if *purging.enabled {
        tokio::spawn(purge.run(stop.clone()));
    }
    tokio::spawn(audit_purge.run(stop.clone()));
    tokio::spawn(deletion_purge.run(stop.clone()));
    tokio::spawn(uses.clone().run(stop.clone()));
    tokio::spawn(pulls.clone().run(stop.clone()));
    tokio::spawn(adoption.run(stop.clone()));
    tokio::spawn(mirror.clone().run(stop.clone()));
    tokio::spawn(sampling.run(stop.clone()));
    tokio::spawn(searching.run(stop.clone()));
    let protocols = Protocols { tls, h2c: *settings.http.h2c };
    let cut = listener::serve(socket, router, protocols, visits, stop, *settings.http.drain_timeout).await;
    if cut > 0 {
        tracing::warn!(connections = cut, "Some requests did not finish in time and were cut");
    }
    finish_mirror(&mirror).await;
    if let Err(error) = uses.run_once().await {
        tracing::error!(%error, "The last uses of credentials could not be written down");
    }
    if let Err(error) = pulls.run_once().await {
        tracing::error!(%error, "The last pulls could not be written down");
    }
    notifications.flush().await;
    if let Some(watching) = watching {
        let _ = watching.await;
    }
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

/// The key that signs manifests of schema 1, if the configuration names one.
fn signing_key(settings: &Settings) -> Result<Option<SigningKey>, Error> {
    let Sourced { value: Some(path), origin } = &settings.schema1.signing_key_file else { return Ok(None) };
    let key = SigningKey::read(path);
    key.map(Some).map_err(|source| Error::SigningKey { origin: origin.clone(), source })
}

/// Which URLs manifests may name, if the configuration restricts that.
fn url_rule(settings: &Settings) -> Result<Option<v2::UrlRule>, regex::Error> {
    let validation = &settings.validation;
    if *validation.disabled {
        return Ok(None);
    }
    v2::UrlRule::new(&validation.urls_allow, &validation.urls_deny)
}

/// Listens for those who watch, if that is configured; ends with `stop`.
async fn watch(
    options: &Debug,
    checks: Checks,
    metrics: Option<Metrics>,
    visits: Visits,
    stop: &CancellationToken,
) -> Result<Option<JoinHandle<usize>>, Error> {
    let Some(listen) = &options.listen else { return Ok(None) };
    let listen_error = |source| Error::Listen { listen: listen.value.clone(), source };
    let socket = Socket::bind(listen).await.map_err(listen_error)?;
    tracing::info!(address = %socket.address().map_err(Error::Start)?, "Serving health checks and metrics");
    let metrics = metrics.map(|metrics| (metrics, options.prometheus_path.as_str()));
    let router = debug::router(checks, metrics);
    Ok(Some(tokio::spawn(listener::serve(
        socket,
        router,
        Protocols::default(),
        visits,
        stop.clone(),
        WATCHERS_TIMEOUT,
    ))))
}

/// Which registry events come from: the machine's name, as it knows itself, and the port.
fn source_address(listen: &Listen) -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = if name.trim().is_empty() { "localhost" } else { name.trim() };
    match listen {
        Listen::Tcp { port, .. } => format!("{name}:{port}"),
        Listen::Unix(_) => name.to_owned(),
    }
}
