//! Customers: visitors whom the embedding page has signed in and vouches for.

use macaw_domain::{ConversationId, Millis, SiteId, TenantId, VisitorId};

/// How a site proves who its customers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityAlgorithm {
    /// HMAC with a secret of the site.
    Hs256,
    /// RSA, PKCS#1 v1.5.
    Rs256,
    /// ECDSA on P-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl IdentityAlgorithm {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Hs256, "HS256"), (Self::Rs256, "RS256"), (Self::Es256, "ES256"), (Self::EdDsa, "EdDSA")];

    /// The word of the JOSE registry.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(algorithm, _)| *algorithm == self).map_or("", |(_, word)| word)
    }

    /// The value of such a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(algorithm, _)| *algorithm)
    }
}

/// What a site is configured with. Nothing here signs anything by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteIdentity {
    /// Whose.
    pub tenant: TenantId,
    /// Which site.
    pub site: SiteId,
    /// The only algorithm that is accepted there.
    pub algorithm: IdentityAlgorithm,
    /// HS256: the salt that the secret is derived with. Otherwise a public key as PEM.
    pub key: Vec<u8>,
    /// Since when.
    pub changed_at: Millis,
}

/// A customer whom a site has vouched for just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Whose.
    pub tenant: TenantId,
    /// Of which site.
    pub site: SiteId,
    /// The site's own, lasting name for it.
    pub subject: String,
    /// What people read.
    pub name: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// The visitor and conversation of the device that it comes from.
    pub here: Option<(VisitorId, ConversationId)>,
    /// Taken when it comes for the first time and `here` is nobody, or another customer.
    pub fresh: (VisitorId, ConversationId),
    /// When.
    pub at: Millis,
}

impl Customer {
    /// What agents read: the name, or else the address.
    pub fn label(&self) -> Option<&str> {
        self.name.as_deref().or(self.email.as_deref())
    }
}
