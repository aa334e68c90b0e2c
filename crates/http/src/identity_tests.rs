use super::*;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use ring::rand::SystemRandom;
use ring::signature::{EcdsaKeyPair, Ed25519KeyPair};
use serde_json::{Value, json};
use uuid::Uuid;

const SITE: SiteId = SiteId(Uuid::from_u128(2));
const NOW_S: i64 = 1_000_000;
const SECRET: &str = "a secret of the site, as text";
const RSA_PEM: &[u8] = include_bytes!("../tests/data/rs256.pem");
const RSA_TOKEN: &str = include_str!("../tests/data/rs256.jwt").trim_ascii_end();

fn claims() -> Value {
    json!({ "sub": "ann", "aud": SITE.to_string(), "exp": NOW_S + 600, "name": "Ann 安", "email": "ann@shop.example" })
}

fn with(key: &str, value: Value) -> Value {
    let mut claims = claims();
    claims.as_object_mut().expect("an object").insert(key.to_owned(), value);
    claims
}

fn without(key: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().expect("an object").remove(key);
    claims
}

fn written(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let body = format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()));
    let proof = B64.encode(sign(body.as_bytes()));
    format!("{body}.{proof}")
}

fn hs256(claims: &Value, secret: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    written(&json!({ "alg": "HS256", "typ": "JWT" }), claims, |body| hmac::sign(&key, body).as_ref().to_vec())
}

fn check(token: &str) -> Result<Claims, Problem> {
    verify(token, (IdentityAlgorithm::Hs256, &secret_key(SECRET)), SITE, NOW_S * 1_000)
}

fn refusal(token: &str) -> String {
    format!("{:?}", check(token).expect_err("refused"))
}

#[test]
fn a_token_of_the_site_says_who_its_customer_is() {
    let ann = Claims { subject: "ann".into(), name: Some("Ann 安".into()), email: Some("ann@shop.example".into()) };
    assert_eq!(check(&hs256(&claims(), SECRET.as_bytes())).expect("good"), ann);
    let several = with("aud", json!(["another", SITE.to_string()]));
    assert!(check(&hs256(&several, SECRET.as_bytes())).is_ok());
    let bare = json!({ "sub": "7", "aud": SITE.to_string(), "exp": NOW_S as f64 + 0.5 });
    assert_eq!(check(&hs256(&bare, SECRET.as_bytes())).expect("good").name, None);
    let odd = with("name", json!(format!("  A\u{0}\n{}", "x".repeat(200))));
    let name = check(&hs256(&odd, SECRET.as_bytes())).expect("good").name.expect("cut");
    assert!(name.starts_with("Ax") && name.chars().count() <= MOST_NAME);
}

#[test]
fn claims_that_do_not_fit_are_refused_with_their_name() {
    for (claims, code, word) in [
        (without("aud"), "IdentityInvalid", "aud"),
        (with("aud", json!("01a20b7d-6ff2-773c-87ac-69f44eebe5e2")), "IdentityInvalid", "aud"),
        (with("aud", json!([])), "IdentityInvalid", "aud"),
        (without("exp"), "IdentityInvalid", "exp"),
        (with("exp", json!("tomorrow")), "IdentityInvalid", "exp"),
        (with("exp", json!(NOW_S - 60)), "IdentityExpired", "expired"),
        (with("exp", json!(NOW_S + 3_661)), "IdentityInvalid", "exp"),
        (with("exp", json!(1e300)), "IdentityInvalid", "exp"),
        (with("nbf", json!(NOW_S + 61)), "IdentityInvalid", "nbf"),
        (without("sub"), "IdentityInvalid", "sub"),
        (with("sub", json!(" ")), "IdentityInvalid", "sub"),
        (with("sub", json!(7)), "IdentityInvalid", "sub"),
        (with("sub", json!("x".repeat(256))), "IdentityInvalid", "sub"),
        (with("name", json!({ "first": "Ann" })), "IdentityInvalid", "name"),
    ] {
        let refusal = refusal(&hs256(&claims, SECRET.as_bytes()));
        assert!(refusal.contains(code) && refusal.contains(word), "{claims}: {refusal}");
    }
}

#[test]
fn a_header_chooses_nothing_and_a_changed_token_is_refused() {
    let good = hs256(&claims(), SECRET.as_bytes());
    for header in [
        json!({ "alg": "none" }),
        json!({ "alg": "None", "typ": "JWT" }),
        json!({ "alg": "HS384" }),
        json!({ "alg": "RS256" }),
        json!({ "alg": "HS256", "crit": ["x"], "x": 1 }),
        json!({}),
    ] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        for proof in [Vec::new(), b"x".to_vec()] {
            assert!(check(&written(&header, &claims(), |_| proof)).is_err(), "{header}");
        }
        let signed = written(&header, &claims(), |body| hmac::sign(&key, body).as_ref().to_vec());
        assert!(refusal(&signed).contains("IdentityInvalid"), "{header}");
    }
    for n in 0..good.len() {
        let mut changed = good.clone().into_bytes();
        changed[n] = if changed[n] == b'A' { b'B' } else { b'A' };
        assert!(check(&String::from_utf8(changed).expect("ASCII")).is_err(), "byte {n}");
    }
    for broken in ["", ".", "..", "...", "a.b.c", &good[..good.len() - 4], &format!("{good}."), &format!("{good}.x")] {
        assert!(refusal(broken).contains("IdentityInvalid"), "{broken}");
    }
    for other in ["", "another secret"] {
        assert!(refusal(&hs256(&claims(), other.as_bytes())).contains("signature"));
    }
}

#[test]
fn a_huge_token_is_not_looked_at() {
    let padded = with("padding", json!("x".repeat(100_000)));
    assert!(refusal(&hs256(&padded, SECRET.as_bytes())).contains("8 KiB"));
}

#[test]
fn public_keys_verify_their_own_algorithm_and_no_other() {
    let (random, elliptic, edwards) = (SystemRandom::new(), &rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ED25519);
    let es = rcgen::KeyPair::generate_for(elliptic).expect("makes a key");
    let ed = rcgen::KeyPair::generate_for(edwards).expect("makes a key");
    let fixed = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let es_pair = EcdsaKeyPair::from_pkcs8(fixed, &es.serialize_der(), &random).expect("fits");
    let ed_pair = Ed25519KeyPair::from_pkcs8(&ed.serialize_der()).expect("fits");
    let es_token = written(&json!({ "alg": "ES256" }), &claims(), |body| {
        es_pair.sign(&random, body).expect("signs").as_ref().to_vec()
    });
    let ed_token = written(&json!({ "alg": "EdDSA" }), &claims(), |body| ed_pair.sign(body).as_ref().to_vec());
    let (es_pem, ed_pem) = (es.public_key_pem(), ed.public_key_pem());
    let keys = [
        (IdentityAlgorithm::Rs256, RSA_PEM),
        (IdentityAlgorithm::Es256, es_pem.as_bytes()),
        (IdentityAlgorithm::EdDsa, ed_pem.as_bytes()),
    ];
    let tokens = [RSA_TOKEN, &es_token, &ed_token];
    for (n, (algorithm, pem)) in keys.into_iter().enumerate() {
        let key = public_key(algorithm, pem).expect("its own");
        for (m, token) in tokens.iter().enumerate() {
            let got = verify(token, (algorithm, &key), SITE, NOW_S * 1_000);
            assert_eq!(got.is_ok(), n == m, "{algorithm:?} {m}");
        }
        // The oldest trick: the public key, which everybody has, taken for a shared secret.
        let forged = hs256(&claims(), pem);
        let refused = verify(&forged, (algorithm, &key), SITE, NOW_S * 1_000).expect_err("swapped");
        assert!(format!("{refused:?}").contains("alg"), "{refused:?}");
        for (other, _) in keys.iter().filter(|(other, _)| *other != algorithm) {
            assert!(public_key(*other, pem).is_err(), "{other:?} takes a key of {algorithm:?}");
        }
    }
    assert!(check(RSA_TOKEN).is_err(), "a site with a secret takes no token by key");
    let another = rcgen::KeyPair::generate_for(elliptic).expect("makes a key").public_key_pem();
    let another = public_key(IdentityAlgorithm::Es256, another.as_bytes()).expect("a key");
    assert!(verify(&es_token, (IdentityAlgorithm::Es256, &another), SITE, NOW_S * 1_000).is_err());
}

#[test]
fn weak_keys_and_things_that_are_no_keys_are_refused() {
    let weak = include_bytes!("../tests/data/rsa1024.pem");
    assert!(public_key(IdentityAlgorithm::Rs256, weak).is_err());
    for algorithm in [IdentityAlgorithm::Rs256, IdentityAlgorithm::Es256, IdentityAlgorithm::EdDsa] {
        for bad in ["", "secret", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"] {
            assert!(public_key(algorithm, bad.as_bytes()).is_err());
        }
    }
    assert!(public_key(IdentityAlgorithm::Hs256, RSA_PEM).is_err());
}
