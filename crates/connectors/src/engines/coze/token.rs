//! The token of a call: a personal one, or one that a signed key is exchanged for and that ages.

use crate::engines::service::{Service, refused, text};
use crate::outgoing::{Call, Method};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use macaw_app::{Clock, EngineError, ErrorClass};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Asked for, in seconds.
const LIFE: i64 = 3_600;
/// Renewed this long before its end, in seconds.
const EARLY: i64 = 120;
/// `expires_in` is the second of the end; a server that gives a duration gives less than this.
const NO_DURATION: i64 = 1_000_000_000;

/// What is signed to get a token.
pub(super) struct Grant {
    app: String,
    key_id: String,
    key: RsaKeyPair,
}

impl Grant {
    /// From a private key in PEM, PKCS#8 or PKCS#1.
    pub(super) fn new(app: &str, key_id: &str, pem: &str) -> Result<Self, String> {
        if key_id.is_empty() {
            return Err("oauth_key_id is missing: the fingerprint of the public key".to_owned());
        }
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
        let der = STANDARD.decode(body).map_err(|_| "oauth_key is no PEM".to_owned())?;
        let key = RsaKeyPair::from_pkcs8(&der).or_else(|_| RsaKeyPair::from_der(&der));
        let key = key.map_err(|_| "oauth_key is no RSA private key".to_owned())?;
        Ok(Self { app: app.to_owned(), key_id: key_id.to_owned(), key })
    }

    /// The signed claim, good for one exchange.
    fn signed(&self, host: &str, now: i64) -> Result<String, ring::error::Unspecified> {
        let random = SystemRandom::new();
        let mut once = [0; 32];
        random.fill(&mut once)?;
        let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let head = part(json!({ "alg": "RS256", "typ": "JWT", "kid": self.key_id }));
        let jti = URL_SAFE_NO_PAD.encode(once);
        let claims = json!({ "iss": self.app, "aud": host, "iat": now, "exp": now + 600, "jti": jti });
        let said = format!("{head}.{}", part(claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &random, said.as_bytes(), &mut signature)?;
        Ok(format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

struct Token {
    token: String,
    /// In seconds since 1970.
    until: i64,
}

/// Gives tokens, and asks for a new one once, however many calls wait for it.
pub(super) struct Tokens {
    grant: Option<Grant>,
    clock: Arc<dyn Clock>,
    kept: Mutex<Option<Token>>,
    asking: Semaphore,
}

impl Tokens {
    pub(super) fn new(grant: Option<Grant>, clock: Arc<dyn Clock>) -> Self {
        Self { grant, clock, kept: Mutex::default(), asking: Semaphore::new(1) }
    }

    /// The token of the last call.
    pub(super) fn current(&self) -> String {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|t| t.token.clone()).unwrap_or_default()
    }

    /// Throws the token away; `false` when there is no other to be had.
    pub(super) fn forget(&self) -> bool {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.grant.is_some()
    }

    /// A token that is good now.
    pub(super) async fn get(&self, service: &Service) -> Result<String, EngineError> {
        let Some(grant) = &self.grant else {
            let token = service.key.expose().to_owned();
            let kept = Token { token: token.clone(), until: i64::MAX };
            *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
            return Ok(token);
        };
        if let Some(token) = self.good() {
            return Ok(token);
        }
        let closed = |_| EngineError::new(ErrorClass::Unknown, "the tokens are closed");
        let _one = self.asking.acquire().await.map_err(closed)?;
        // Whoever was first has it by now.
        if let Some(token) = self.good() {
            return Ok(token);
        }
        let fresh = self.exchange(grant, service).await?;
        let token = fresh.token.clone();
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(token)
    }

    fn good(&self) -> Option<String> {
        let now = self.clock.now() / 1_000;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|token| token.until > now + EARLY).map(|token| token.token.clone())
    }

    async fn exchange(&self, grant: &Grant, service: &Service) -> Result<Token, EngineError> {
        let now = self.clock.now() / 1_000;
        let host = service.base.host_str().unwrap_or_default();
        let unsigned = |_| EngineError::new(ErrorClass::Auth, "oauth_key cannot sign");
        let signed = grant.signed(host, now).map_err(unsigned)?;
        let body = json!({ "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "duration_seconds": LIFE });
        let call = Call::new(Method::POST, service.at("/api/permission/oauth2/token")).bearer(&signed).json(body);
        let reply = service.out.send(call).await?;
        let (status, place) = (reply.status(), reply.place().to_owned());
        let body = reply.refusal().await;
        let token = text(&body, "access_token");
        if token.is_empty() {
            let message = format!("no token: {status} {} {}", text(&body, "error_code"), text(&body, "error_message"));
            let class = if status >= 500 { ErrorClass::Unavailable } else { ErrorClass::Auth };
            return Err(refused(class, &place, &message, None));
        }
        let end = body.get("expires_in").and_then(Value::as_i64).unwrap_or(LIFE);
        let until = if end < NO_DURATION { now + end } else { end };
        Ok(Token { token: token.to_owned(), until })
    }
}
