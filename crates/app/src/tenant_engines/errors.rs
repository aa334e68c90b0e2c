//! Why a tenant's engines stay as they are.

use super::MOST_ENGINES;
use crate::StoreError;

/// Why an engine was not changed or tried.
#[derive(Debug, thiserror::Error)]
pub enum EngineSettingsError {
    /// Only a manager may.
    #[error("only a manager may change engines")]
    NotAllowed,
    /// No such engine for this tenant.
    #[error("there is no such engine")]
    NotFound,
    /// It belongs to the installation.
    #[error("this engine belongs to the installation: whoever operates it changes it in the configuration file")]
    Installed,
    /// A name has bounds.
    #[error("name: 1 to 40 characters of a-z, 0-9, - and _")]
    Name,
    /// Another engine has it.
    #[error("name: there is an engine called {0} already; choose another name")]
    Taken(String),
    /// Too many.
    #[error("a tenant has at most {MOST_ENGINES} engines; remove one first")]
    Full,
    /// There is no such kind.
    #[error("kind: there is no kind {0}")]
    Kind(String),
    /// A key that is no secret of its kind.
    #[error("secrets: {0} is no secret of this kind")]
    NoSecret(String),
    /// A secret or the settings are too long.
    #[error("{0}: too long")]
    TooLong(&'static str),
    /// The settings are wrong, in words.
    #[error("{0}")]
    Settings(String),
    /// The address changed, and with it who would be sent the secrets.
    #[error("the address changed: enter the secrets again, so that they are not sent to somebody else unawares")]
    AddressChanged,
    /// A site's first answers come from it.
    #[error("the site {0} is answered by this engine; choose another one there first")]
    InUse(String),
    /// As many are tried as may be at once.
    #[error("several engines are being tried already; try again in a moment")]
    Busy,
    /// The store failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
