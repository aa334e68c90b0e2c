//! Customers' tokens (JWT), which the embedding site signs: what is believed, and why not.
//!
//! The site's configuration pins the one algorithm; the token's own header chooses nothing.

use crate::problem::Problem;
use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::Verifier;
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, Validation, decode, decode_header};
use macaw_app::IdentityAlgorithm;
use macaw_domain::{Millis, SiteId};
use macaw_wire::Code;
use ring::{hmac, signature};
use serde::Deserialize;
use std::sync::Once;

/// A token of names and an address is far shorter; nothing longer is even looked at.
const MOST_BYTES: usize = 8 * 1024;
/// A stolen token is of use for no longer than this.
const MOST_AHEAD_S: f64 = 3_600.0;
/// Clocks differ.
const LEEWAY_S: f64 = 60.0;
const MOST_SUBJECT: usize = 255;
const MOST_NAME: usize = 60;
const MOST_EMAIL: usize = 254;

/// Who a site says its visitor is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
}

/// As it is written; the audience is checked by the library.
#[derive(Deserialize)]
struct Written {
    sub: String,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

/// The public key of a site, or why it is none of this algorithm.
pub(crate) fn public_key(algorithm: IdentityAlgorithm, pem: &[u8]) -> Result<DecodingKey, &'static str> {
    let key = match algorithm {
        IdentityAlgorithm::Hs256 => return Err("HS256 has a secret, which Macaw makes, and no public key"),
        IdentityAlgorithm::Rs256 => DecodingKey::from_rsa_pem(pem),
        IdentityAlgorithm::Es256 => DecodingKey::from_ec_pem(pem),
        IdentityAlgorithm::EdDsa => DecodingKey::from_ed_pem(pem),
    };
    let key = key.map_err(|_| "public_key: a public key of this algorithm as PEM (-----BEGIN PUBLIC KEY-----)")?;
    let DecodingKeyKind::SecretOrDer(bytes) = key.kind() else { return Err("public_key: as PEM") };
    let fits = match algorithm {
        // 2048 bits make a structure of some 270 bytes; the verification refuses less as well.
        IdentityAlgorithm::Rs256 => bytes.len() >= 256,
        // An uncompressed point of P-256.
        IdentityAlgorithm::Es256 => bytes.len() == 65,
        _ => bytes.len() == 32,
    };
    if fits { Ok(key) } else { Err("public_key: RSA of at least 2048 bits, a point of P-256, or Ed25519") }
}

/// The key of a secret, which is used as the text that it is.
pub(crate) fn secret_key(secret: &str) -> DecodingKey {
    DecodingKey::from_secret(secret.as_bytes())
}

/// Who the token is about, if this site signed it and it is of now.
pub(crate) fn verify(
    token: &str,
    (algorithm, key): (IdentityAlgorithm, &DecodingKey),
    site: SiteId,
    now: Millis,
) -> Result<Claims, Problem> {
    let invalid = |why: &str| Problem::new(Code::IdentityInvalid, format!("the identity is not valid: {why}"));
    if token.len() > MOST_BYTES {
        return Err(invalid("it is longer than 8 KiB"));
    }
    use_ring();
    let header = decode_header(token).map_err(|_| invalid("it is no JWT of a known algorithm"))?;
    if header.crit.is_some() {
        return Err(invalid("crit: names something that is not known here"));
    }
    let mut rules = Validation::new(jose(algorithm));
    rules.set_audience(&[site.to_string()]);
    rules.set_required_spec_claims(&["aud", "exp", "sub"]);
    // Time is asked from our own clock, below.
    rules.validate_exp = false;
    let written = decode::<Written>(token, key, &rules).map_err(|error| invalid(&why(&error, algorithm)))?.claims;
    #[expect(clippy::cast_precision_loss, reason = "seconds of this age are exact in a float")]
    let now_s = (now / 1_000) as f64;
    // JSON knows no number that is none, so these compare.
    if written.exp + LEEWAY_S <= now_s {
        return Err(Problem::new(Code::IdentityExpired, "the identity has expired; ask the page for a new one"));
    }
    if written.exp > now_s + MOST_AHEAD_S + LEEWAY_S {
        return Err(invalid("exp: at most 1 hour ahead"));
    }
    if written.nbf.is_some_and(|nbf| nbf > now_s + LEEWAY_S) {
        return Err(invalid("nbf: it is not valid yet"));
    }
    if written.sub.trim().is_empty() || written.sub.len() > MOST_SUBJECT {
        return Err(invalid("sub: 1 to 255 bytes"));
    }
    Ok(Claims {
        subject: written.sub,
        name: written.name.and_then(|name| line(&name, MOST_NAME)),
        email: written.email.and_then(|email| line(&email, MOST_EMAIL)),
    })
}

/// One line without control characters, cut to `most` characters; `None` when nothing is left.
fn line(text: &str, most: usize) -> Option<String> {
    let visible: String = text.chars().filter(|c| !c.is_control()).take(most).collect();
    Some(visible.trim().to_owned()).filter(|text| !text.is_empty())
}

fn why(error: &Error, algorithm: IdentityAlgorithm) -> String {
    match error.kind() {
        ErrorKind::InvalidAlgorithm => format!("alg: this site takes {} only", algorithm.as_str()),
        ErrorKind::InvalidAudience => "aud: it is not the id of this site".to_owned(),
        ErrorKind::MissingRequiredClaim(claim) => format!("{claim} is missing"),
        ErrorKind::InvalidSignature => "the signature does not fit".to_owned(),
        ErrorKind::Json(_) => "sub and exp are needed; name and email are text".to_owned(),
        _ => "it is no JWT".to_owned(),
    }
}

fn jose(algorithm: IdentityAlgorithm) -> Algorithm {
    match algorithm {
        IdentityAlgorithm::Hs256 => Algorithm::HS256,
        IdentityAlgorithm::Rs256 => Algorithm::RS256,
        IdentityAlgorithm::Es256 => Algorithm::ES256,
        IdentityAlgorithm::EdDsa => Algorithm::EdDSA,
    }
}

/// The library asks whoever is installed for its cryptography: ring, as for TLS.
fn use_ring() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
        verifier_factory: |algorithm, key| {
            let DecodingKeyKind::SecretOrDer(key) = key.kind() else { return Err(ErrorKind::InvalidKeyFormat.into()) };
            Ok(Box::new(RingVerifier { algorithm: *algorithm, key: key.clone() }))
        },
        key_utils: KeyUtils::new_unimplemented(),
    };
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        // Nobody else in this process installs one.
        let _ = PROVIDER.install_default();
    });
}

struct RingVerifier {
    algorithm: Algorithm,
    key: Vec<u8>,
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], proof: &Vec<u8>) -> Result<(), jsonwebtoken::signature::Error> {
        let with = |public: &'static dyn signature::VerificationAlgorithm| {
            signature::UnparsedPublicKey::new(public, &self.key).verify(message, proof)
        };
        let fits = match self.algorithm {
            // In constant time.
            Algorithm::HS256 => hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &self.key), message, proof),
            Algorithm::RS256 => with(&signature::RSA_PKCS1_2048_8192_SHA256),
            Algorithm::ES256 => with(&signature::ECDSA_P256_SHA256_FIXED),
            Algorithm::EdDSA => with(&signature::ED25519),
            _ => return Err(jsonwebtoken::signature::Error::new()),
        };
        fits.map_err(|_| jsonwebtoken::signature::Error::new())
    }
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
