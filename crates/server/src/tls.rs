//! The certificate that new connections get: read from files, and read again when they change.

use crate::config;
use anyhow::{Context, Result, bail};
use macaw_gateway::{Cipher, Socket};
use std::io::{IoSlice, Read, Write};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::time::MissedTickBehavior;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, Stream};

/// What the files held when they were last read.
#[derive(PartialEq, Eq)]
struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// A certificate that may be replaced while connections live.
pub(crate) struct Certificate {
    settings: config::Tls,
    current: RwLock<Arc<ServerConfig>>,
    seen: tokio::sync::Mutex<Files>,
}

impl Certificate {
    /// Reads the files. Errors name the file and what is wrong with it.
    pub(crate) async fn load(settings: config::Tls) -> Result<Self> {
        let seen = read(&settings).await?;
        let current = RwLock::new(Arc::new(parse(&settings, &seen)?));
        Ok(Self { settings, current, seen: tokio::sync::Mutex::new(seen) })
    }

    /// For the next connection.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.read().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// Looks at the files each `reload`, and at once when `asked` has something to say.
    pub(crate) async fn watch(&self, mut asked: tokio::signal::unix::Signal) {
        let mut ticks = tokio::time::interval(self.settings.reload);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.reset();
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = asked.recv() => {}
            }
            match self.reload().await {
                Ok(true) => tracing::info!("a new certificate serves new connections"),
                Ok(false) => {}
                Err(error) => {
                    tracing::error!("the certificate was not replaced, the old one serves on: {error:#}");
                }
            }
        }
    }

    /// Whether there was something new. Files that do not fit leave the old certificate in place;
    /// they are complained about once, not at each look.
    async fn reload(&self) -> Result<bool> {
        let files = read(&self.settings).await?;
        let mut seen = self.seen.lock().await;
        if *seen == files {
            return Ok(false);
        }
        let parsed = parse(&self.settings, &files);
        *seen = files;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(parsed?);
        Ok(true)
    }
}

async fn read(settings: &config::Tls) -> Result<Files> {
    let file =
        async |path: &Path| tokio::fs::read(path).await.with_context(|| format!("{}: cannot be read", path.display()));
    Ok(Files { certificate: file(&settings.certificate).await?, key: file(&settings.key).await? })
}

/// TLS of a socket that a shard drives.
pub(crate) struct Tls(pub(crate) ServerConnection);

impl Cipher for Tls {
    fn read(&mut self, mut socket: &mut dyn Socket, into: &mut [u8]) -> std::io::Result<usize> {
        Stream::new(&mut self.0, &mut socket).read(into)
    }

    fn write(&mut self, mut socket: &mut dyn Socket, from: &[IoSlice<'_>]) -> std::io::Result<usize> {
        Stream::new(&mut self.0, &mut socket).write_vectored(from)
    }

    fn flush(&mut self, mut socket: &mut dyn Socket) -> std::io::Result<()> {
        Stream::new(&mut self.0, &mut socket).flush()
    }
}

fn parse(settings: &config::Tls, files: &Files) -> Result<ServerConfig> {
    let (certificate, key) = (settings.certificate.display(), settings.key.display());
    let chain = CertificateDer::pem_slice_iter(&files.certificate).collect::<Result<Vec<_>, _>>();
    let chain = chain.with_context(|| format!("{certificate}: is no PEM file"))?;
    if chain.is_empty() {
        bail!("{certificate}: holds no certificate");
    }
    let private = PrivateKeyDer::from_pem_slice(&files.key).with_context(|| format!("{key}: holds no private key"))?;
    let mut server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .with_context(|| format!("{certificate} and {key} do not fit together"))?;
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(server)
}
