//! The socket file. Its path may be longer than the system's bound for socket addresses (some 100 bytes), so a long
//! one is reached through a short symbolic link to the folder that is there for a moment only.

use crate::data::SOCKET;
use anyhow::{Context, Result};
use macaw_http::random_token;
use std::fs::Permissions;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tokio::net::{UnixListener, UnixSocket, UnixStream};

/// macOS takes 104 bytes with the closing zero, Linux 108.
const LONGEST: usize = 100;
/// Commands that may wait to be accepted.
const BACKLOG: u32 = 16;

/// The socket's path, short enough; the link goes when this does.
struct Short {
    path: PathBuf,
    link: Option<PathBuf>,
}

impl Short {
    fn of(data: &Path) -> Result<Self> {
        let path = data.join(SOCKET);
        if path.as_os_str().as_bytes().len() <= LONGEST {
            return Ok(Self { path, link: None });
        }
        let whole = std::path::absolute(data)?;
        let name = random_token().map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        let link = std::env::temp_dir().join(format!("macaw-{}", name.get(..16).unwrap_or(&name)));
        std::os::unix::fs::symlink(&whole, &link)
            .with_context(|| format!("{}: a link to the data folder cannot be made", link.display()))?;
        Ok(Self { path: link.join(SOCKET), link: Some(link) })
    }
}

impl Drop for Short {
    fn drop(&mut self) {
        if let Some(link) = &self.link
            && let Err(error) = std::fs::remove_file(link)
        {
            tracing::warn!(%error, "{}: was not removed", link.display());
        }
    }
}

/// Takes orders from the folder's owner alone. The caller holds the folder's lock, so a socket that is there
/// already is a dead server's.
pub(super) fn bind(data: &Path) -> Result<UnixListener> {
    let path = data.join(SOCKET);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("{}: cannot be removed", path.display()));
        }
        _ => {}
    }
    let short = Short::of(data)?;
    let socket = UnixSocket::new_stream()?;
    socket.bind(&short.path).with_context(|| format!("{}: cannot be made", path.display()))?;
    // Before it listens, so that nobody else ever gets in.
    std::fs::set_permissions(&path, Permissions::from_mode(0o600))
        .with_context(|| format!("{}: its rights cannot be set", path.display()))?;
    Ok(socket.listen(BACKLOG)?)
}

/// A connection to the server that holds the folder.
pub(super) async fn connect(data: &Path) -> Result<UnixStream> {
    let short = Short::of(data)?;
    Ok(UnixStream::connect(&short.path).await?)
}
