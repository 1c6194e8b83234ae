//! TLS by rustls: the certificate, what is spoken, and what is asked of clients.
//!
//! The files are read again when they change, without a restart: whoever renews a certificate has nothing else to do.
//! Until the new files are right, the old ones stay in force.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use app::certificate_end::CertificateEnd;
use humpback::settings::http;
use rustls::{ServerConfig, server::Acceptor};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::LazyConfigAcceptor;

mod files;
mod offer;

pub use files::Error;
use files::Stamp;

/// How often to look at most whether the files have changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A connection over TLS.
pub type Stream<S> = tokio_rustls::server::TlsStream<S>;

/// Makes connections secure.
#[derive(Debug)]
pub struct Tls {
    settings: http::Tls,
    http2: bool,
    end: CertificateEnd,
    /// A std mutex: held to look and to exchange, never across an await.
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    config: Arc<ServerConfig>,
    /// The files as they were when they were last read.
    stamp: Stamp,
    looked: Instant,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// They can't be read, or do not fit together.
    pub fn open(settings: &http::Tls, http2: bool) -> Result<Self, Error> {
        let stamp = Stamp::of(settings);
        let (config, at) = offer::config(settings, http2)?;
        let end = CertificateEnd::default();
        end.note(at);
        let state = State { config: Arc::new(config), stamp, looked: Instant::now() };
        Ok(Self { settings: settings.clone(), http2, end, state: Mutex::new(state) })
    }

    /// Until when the certificate holds that is offered.
    pub fn certificate_end(&self) -> &CertificateEnd {
        &self.end
    }

    /// Shakes hands with the client on `stream`.
    ///
    /// # Errors
    /// The client speaks nothing that is spoken here, does not believe the certificate, or has none where it needs one.
    pub async fn accept<S>(self: &Arc<Self>, stream: S) -> io::Result<Stream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let config = self.current().await;
        let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        hello.into_stream(config).await
    }

    /// What is offered now.
    async fn current(self: &Arc<Self>) -> Arc<ServerConfig> {
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.looked.elapsed() < LOOK_EVERY {
                return Arc::clone(&state.config);
            }
            // The next client need not look, too.
            state.looked = Instant::now();
        }
        let this = Arc::clone(self);
        // The disk may be slow. If the process ends meanwhile, what was offered last is as good as anything.
        let _ = tokio::task::spawn_blocking(move || this.look()).await;
        Arc::clone(&self.state.lock().unwrap_or_else(PoisonError::into_inner).config)
    }

    /// Reads the files again if they have changed. Returns whether something else is offered now.
    fn look(&self) -> bool {
        // The files' state is taken before they are read: whatever happens in between is seen the next time.
        let stamp = Stamp::of(&self.settings);
        if self.state.lock().unwrap_or_else(PoisonError::into_inner).stamp == stamp {
            return false;
        }
        let read = offer::config(&self.settings, self.http2);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.stamp = stamp;
        match read {
            Ok((config, at)) => {
                self.end.note(at);
                state.config = Arc::new(config);
                tracing::info!("Read the changed TLS files again");
                true
            }
            // Once: the same state of the files is not read twice.
            Err(error) => {
                tracing::error!(%error, "The changed TLS files are not right, the old ones stay in force");
                false
            }
        }
    }
}

#[cfg(test)]
mod tests;
