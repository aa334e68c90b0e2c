//! Visitor tokens, signed and expiring; random tokens for everything that is looked up.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use macaw_app::Visitor;
use macaw_domain::{ConversationId, Millis, SiteId, TenantId, VisitorId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long a token is good for.
const VALID_MS: Millis = 30 * 24 * 3_600 * 1_000;
/// Part of what is signed: a token of another purpose or version never fits.
const PURPOSE: &[u8] = b"macaw visitor token 1\0";
/// The same for what sites' secrets are derived from.
const IDENTITY_PURPOSE: &[u8] = b"macaw identity secret 1\0";
/// Four ids and the time of expiry.
const PAYLOAD_BYTES: usize = 4 * 16 + 8;

/// Signs and checks visitor tokens.
pub struct Signer {
    key: Hmac<Sha256>,
}

/// Whether an expired token still proves who came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grace {
    /// To act: no.
    None,
    /// To renew: for as long again as it was valid.
    Renewal,
}

impl Signer {
    /// With the installation's secret.
    pub fn new(secret: &[u8; 32]) -> Self {
        // A key of 32 bytes always fits HMAC; any length does.
        let key = Hmac::new_from_slice(secret).expect("HMAC takes keys of any length");
        Self { key }
    }

    /// A token for this visitor, and when it expires.
    pub(crate) fn sign(&self, visitor: &Visitor, now: Millis) -> (String, Millis) {
        let expires = now + VALID_MS;
        let mut payload = Vec::with_capacity(PAYLOAD_BYTES);
        for id in [visitor.tenant.0, visitor.site.0, visitor.visitor.0, visitor.conversation.0] {
            payload.extend_from_slice(id.as_bytes());
        }
        payload.extend_from_slice(&expires.to_be_bytes());
        let mac = self.mac(&payload).finalize().into_bytes();
        let (payload, mac) = (BASE64_URL_SAFE_NO_PAD.encode(payload), BASE64_URL_SAFE_NO_PAD.encode(mac));
        (format!("{payload}.{mac}"), expires)
    }

    /// Who a token is for, if it is ours and not expired.
    pub(crate) fn verify(&self, token: &str, now: Millis, grace: Grace) -> Option<Visitor> {
        let (payload, mac) = token.split_once('.')?;
        let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).ok().filter(|p| p.len() == PAYLOAD_BYTES)?;
        let mac = BASE64_URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.mac(&payload).verify_slice(&mac).ok()?;
        let expires = Millis::from_be_bytes(payload.get(64..)?.try_into().ok()?);
        let until = if grace == Grace::Renewal { expires + VALID_MS } else { expires };
        if now >= until {
            return None;
        }
        let id = |n: usize| Uuid::from_slice(payload.get(n * 16..(n + 1) * 16)?).ok();
        Some(Visitor {
            tenant: TenantId(id(0)?),
            site: SiteId(id(1)?),
            visitor: VisitorId(id(2)?),
            conversation: ConversationId(id(3)?),
        })
    }

    /// The secret with which a site signs its customers' tokens. It is derived anew each time, so
    /// that nobody who reads the database can sign.
    pub(crate) fn identity_secret(&self, site: SiteId, salt: &[u8]) -> String {
        let mac = self.key.clone().chain_update(IDENTITY_PURPOSE).chain_update(site.0.as_bytes()).chain_update(salt);
        BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    fn mac(&self, payload: &[u8]) -> Hmac<Sha256> {
        self.key.clone().chain_update(PURPOSE).chain_update(payload)
    }
}

/// 256 random bits as text.
pub fn random_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a random token.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor() -> Visitor {
        let id = Uuid::from_u128;
        Visitor {
            tenant: TenantId(id(1)),
            site: SiteId(id(2)),
            visitor: VisitorId(id(3)),
            conversation: ConversationId(id(4)),
        }
    }

    #[test]
    fn a_token_is_good_until_it_expires_and_renews_a_while_longer() {
        let signer = Signer::new(&[7; 32]);
        let (token, expires) = signer.sign(&visitor(), 1_000);
        assert_eq!(signer.verify(&token, expires - 1, Grace::None), Some(visitor()));
        assert_eq!(signer.verify(&token, expires, Grace::None), None);
        assert_eq!(signer.verify(&token, expires, Grace::Renewal), Some(visitor()));
        assert_eq!(signer.verify(&token, expires + VALID_MS, Grace::Renewal), None);
    }

    #[test]
    fn a_sites_secret_is_its_own_and_changes_with_the_salt() {
        let (signer, other) = (Signer::new(&[7; 32]), Signer::new(&[8; 32]));
        let site = |n| SiteId(Uuid::from_u128(n));
        let secret = signer.identity_secret(site(1), b"salt");
        assert_eq!(secret, signer.identity_secret(site(1), b"salt"));
        assert_eq!(secret.len(), 43);
        for another in [
            signer.identity_secret(site(2), b"salt"),
            signer.identity_secret(site(1), b"other"),
            other.identity_secret(site(1), b"salt"),
        ] {
            assert_ne!(secret, another);
        }
    }

    #[test]
    fn changed_foreign_and_broken_tokens_are_refused() {
        let signer = Signer::new(&[7; 32]);
        let (token, _) = signer.sign(&visitor(), 0);
        assert_eq!(Signer::new(&[8; 32]).verify(&token, 1, Grace::None), None, "another installation");
        for n in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[n] = if changed[n] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            // The last character of unpadded base64 carries unused bits, which the decoder refuses.
            assert_eq!(signer.verify(&changed, 1, Grace::None), None, "byte {n}");
        }
        for broken in ["", ".", "a.b", "..", "é.é", &token[..token.len() - 2], &"A".repeat(100_000)] {
            assert_eq!(signer.verify(broken, 1, Grace::None), None);
        }
    }
}
