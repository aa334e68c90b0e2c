//! Secrets at rest: sealed with a key of this installation, bound to whose they are.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::BTreeMap;

/// The first byte of what is sealed, so that another way can follow.
const FORM: u8 = 1;
/// What the key is derived for: the same secret of the installation serves other ends too.
const PURPOSE: &[u8] = b"macaw engine secrets 1";

/// Secrets by their keys. No log and no error shows a value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// The secrets, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets one; an empty value takes it away.
    pub fn set(&mut self, key: &str, value: &str) {
        if value.is_empty() {
            self.0.remove(key);
        } else {
            self.0.insert(key.to_owned(), value.to_owned());
        }
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Why secrets cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// What is stored was sealed with another key, or changed since.
    #[error("its secrets were sealed with another key of the installation; enter them again")]
    OtherKey,
    /// The system gives no randomness, or the secrets are longer than anything.
    #[error("its secrets cannot be sealed")]
    Sealing,
}

/// Seals and opens.
pub struct Vault(LessSafeKey);

impl Vault {
    /// With a key derived from a secret of the installation.
    pub fn new(secret: &[u8]) -> Self {
        let whole = Salt::new(HKDF_SHA256, &[]).extract(secret);
        let purpose = [PURPOSE];
        let key = whole.expand(&purpose, &CHACHA20_POLY1305).expect("32 bytes are no more than HKDF gives");
        Self(LessSafeKey::new(UnboundKey::from(key)))
    }

    /// Seals secrets for `whose`: for anybody else they cannot be opened. None at all seal to nothing.
    pub fn seal(&self, whose: &str, secrets: &Secrets) -> Result<Vec<u8>, VaultError> {
        if secrets.is_empty() {
            return Ok(Vec::new());
        }
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| VaultError::Sealing)?;
        let mut sealed = packed(secrets)?;
        let bound = Aad::from(whose.as_bytes());
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut sealed)
            .map_err(|_| VaultError::Sealing)?;
        Ok([&[FORM][..], &nonce, &sealed].concat())
    }

    /// The secrets of `whose`.
    pub fn open(&self, whose: &str, sealed: &[u8]) -> Result<Secrets, VaultError> {
        if sealed.is_empty() {
            return Ok(Secrets::default());
        }
        let rest = sealed.strip_prefix(&[FORM]).ok_or(VaultError::OtherKey)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE_LEN).ok_or(VaultError::OtherKey)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::OtherKey)?;
        let mut sealed = sealed.to_vec();
        let opened = self.0.open_in_place(nonce, Aad::from(whose.as_bytes()), &mut sealed);
        unpacked(opened.map_err(|_| VaultError::OtherKey)?).ok_or(VaultError::OtherKey)
    }
}

/// Each text with its length before it.
fn packed(secrets: &Secrets) -> Result<Vec<u8>, VaultError> {
    let mut bytes = Vec::new();
    for text in secrets.iter().flat_map(|(key, value)| [key, value]) {
        let length = u32::try_from(text.len()).map_err(|_| VaultError::Sealing)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    Ok(bytes)
}

fn unpacked(mut bytes: &[u8]) -> Option<Secrets> {
    let mut text = || {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (text, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        bytes = rest;
        Some((std::str::from_utf8(text).ok()?.to_owned(), rest.is_empty()))
    };
    let mut secrets = BTreeMap::new();
    loop {
        let (key, _) = text()?;
        let (value, is_last) = text()?;
        secrets.insert(key, value);
        if is_last {
            return Some(Secrets(secrets));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        let mut secrets = Secrets::default();
        secrets.set("key", "canary 🦜");
        secrets.set("oauth_key", "-----BEGIN\nlines\n");
        secrets
    }

    #[test]
    fn what_is_sealed_opens_for_the_same_and_for_nobody_else() {
        let (vault, other) = (Vault::new(&[7; 32]), Vault::new(&[8; 32]));
        let sealed = vault.seal("tenant/engine", &secrets()).expect("sealed");
        assert_eq!(vault.open("tenant/engine", &sealed), Ok(secrets()));
        assert_eq!(vault.open("tenant/another", &sealed), Err(VaultError::OtherKey));
        assert_eq!(other.open("tenant/engine", &sealed), Err(VaultError::OtherKey));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(vault.open("tenant/engine", &changed), Err(VaultError::OtherKey), "byte {at}");
            assert_eq!(vault.open("tenant/engine", &sealed[..at.max(1)]), Err(VaultError::OtherKey), "cut at {at}");
        }
        assert_ne!(vault.seal("tenant/engine", &secrets()), Ok(sealed), "twice the same looks different");
    }

    #[test]
    fn nothing_seals_to_nothing_and_no_value_is_shown() {
        let vault = Vault::new(&[7; 32]);
        assert_eq!(vault.seal("a", &Secrets::default()), Ok(Vec::new()));
        assert_eq!(vault.open("a", &[]), Ok(Secrets::default()));
        assert_eq!(format!("{:?}", secrets()), r#"{"key", "oauth_key"}"#);
        let sealed = vault.seal("a", &secrets()).expect("sealed");
        assert!(!sealed.windows(6).any(|bytes| bytes == b"canary"));
    }
}
