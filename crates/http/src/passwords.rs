//! Argon2id, a few at a time: each hash takes 19 MiB and some 30 ms of a core.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use macaw_app::StoreError;
use std::sync::Arc;
use tokio::sync::Semaphore;

const AT_ONCE: usize = 2;
/// Short ones are guessed, very long ones only cost time.
const CHARS: std::ops::RangeInclusive<usize> = 10..=256;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// Why a password is not good enough, in words.
    pub fn refusal(password: &str) -> Option<&'static str> {
        (!CHARS.contains(&password.chars().count())).then_some("a password has 10 to 256 characters")
    }

    /// A PHC string (Argon2id, OWASP's minimum of 19 MiB, two passes).
    pub async fn hash(&self, password: String) -> Result<String, StoreError> {
        self.run(move || {
            let mut salt = [0; 16];
            getrandom::fill(&mut salt).map_err(|error| error.to_string())?;
            let salt = SaltString::encode_b64(&salt).map_err(|error| error.to_string())?;
            let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|error| error.to_string())
        })
        .await
    }

    /// Whether the password is the one of the hash. Without a hash as much time passes, so that
    /// an unknown address is not told by a quick answer.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, StoreError> {
        let Some(hash) = hash else {
            self.hash(password).await?;
            return Ok(false);
        };
        self.run(move || {
            let hash = PasswordHash::new(&hash).map_err(|error| error.to_string())?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, String> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _permit = self.permits.acquire().await.map_err(|_| StoreError::Closed)?;
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| StoreError::Other(error.to_string()))?.map_err(StoreError::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_is_argon2id_and_fits_only_its_password() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse".into()).await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.expect("verifies"));
        assert!(!passwords.verify("wrong horse".into(), Some(hash)).await.expect("verifies"));
        assert!(!passwords.verify("anything".into(), None).await.expect("verifies"));
    }
}
