//! A file of the front ends as an answer: packed where the reader unpacks, and not at all where the reader has it.

use crate::auth::header_text;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::Response;
use std::borrow::Cow;

/// Every file that is worth it as gzip, by the SHA-256 of what it unpacks to.
static PACKED: &[([u8; 32], &[u8])] = include!(concat!(env!("OUT_DIR"), "/packed.rs"));

/// What is embedded.
pub(crate) struct Embedded {
    pub(crate) data: Cow<'static, [u8]>,
    pub(crate) hash: [u8; 32],
    pub(crate) kind: String,
}

impl Embedded {
    /// The answer to a request with these headers. Its bytes are those of the binary, not a copy.
    pub(crate) fn answer(self, headers: &HeaderMap, cache: &str) -> Response {
        let packed = PACKED.iter().find(|(hash, _)| *hash == self.hash).map(|(_, bytes)| *bytes);
        self.choose(packed, headers, cache)
    }

    fn choose(self, packed: Option<&'static [u8]>, headers: &HeaderMap, cache: &str) -> Response {
        let name = self.hash.iter().take(16).fold(String::new(), |name, byte| name + &format!("{byte:02x}"));
        let packed = packed.filter(|_| unpacks(headers));
        // Two forms of one thing have two names.
        let etag = if packed.is_some() { format!("\"{name}-gz\"") } else { format!("\"{name}\"") };
        let mut response = Response::new(Body::empty());
        let known = header_text(headers, "if-none-match").unwrap_or_default();
        set(&mut response, header::ETAG, &etag);
        set(&mut response, header::CACHE_CONTROL, cache);
        set(&mut response, header::VARY, "accept-encoding");
        if known.contains(&etag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        set(&mut response, header::CONTENT_TYPE, &self.kind);
        *response.body_mut() = Body::from(match (packed, self.data) {
            (Some(bytes), _) => {
                set(&mut response, header::CONTENT_ENCODING, "gzip");
                Bytes::from_static(bytes)
            }
            (None, Cow::Borrowed(bytes)) => Bytes::from_static(bytes),
            (None, Cow::Owned(bytes)) => Bytes::from(bytes),
        });
        response
    }
}

/// Whether the reader takes gzip; "gzip;q=0" says that it does not.
fn unpacks(headers: &HeaderMap) -> bool {
    let takes = |part: &str| {
        let (name, rest) = part.split_once(';').unwrap_or((part, ""));
        let never = rest.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case("gzip") && !never
    };
    header_text(headers, "accept-encoding").unwrap_or_default().split(',').any(takes)
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
#[path = "../pack.rs"]
mod pack;

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use std::io::Read;

    fn unpack(bytes: &[u8]) -> Vec<u8> {
        let mut all = Vec::new();
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut all).expect("gzip");
        all
    }

    fn asked(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a value"))).collect()
    }

    fn answer(headers: &[(&'static str, &str)]) -> Response {
        let data = Cow::Borrowed(b"plain".as_slice());
        let script = Embedded { data, hash: [7; 32], kind: "text/javascript".to_owned() };
        script.choose(Some(b"packed"), &asked(headers), "no-cache")
    }

    async fn body(response: Response) -> Bytes {
        response.into_body().collect().await.expect("a body").to_bytes()
    }

    #[tokio::test]
    async fn those_who_unpack_get_it_packed_and_others_plain() {
        let packed = answer(&[("accept-encoding", "br, GZIP;q=0.8")]);
        assert_eq!(packed.headers()["content-encoding"], "gzip");
        assert_eq!(packed.headers()["vary"], "accept-encoding");
        assert_eq!(packed.headers()["content-type"], "text/javascript");
        let names = [packed.headers()["etag"].clone(), answer(&[]).headers()["etag"].clone()];
        assert_ne!(names[0], names[1]);
        assert_eq!(&body(packed).await[..], b"packed");
        for other in ["", "br", "gzip;q=0", "identity, gzip; q=0.0"] {
            let plain = answer(&[("accept-encoding", other)]);
            assert!(!plain.headers().contains_key("content-encoding"), "{other}");
            assert_eq!(&body(plain).await[..], b"plain");
        }
    }

    #[tokio::test]
    async fn who_has_it_gets_nothing_again() {
        let gzip = ("accept-encoding", "gzip");
        let name = answer(&[gzip]).headers()["etag"].to_str().expect("text").to_owned();
        let again = answer(&[gzip, ("if-none-match", &format!("\"other\", W/{name}"))]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()["cache-control"], "no-cache");
        assert!(body(again).await.is_empty());
        // The other form is another thing.
        assert_eq!(answer(&[("if-none-match", &name)]).status(), StatusCode::OK);
    }

    #[test]
    fn what_was_packed_is_what_is_unpacked_and_only_if_it_is_worth_it() {
        let text = "let answer = 42;\n".repeat(100);
        assert_eq!(unpack(&pack::packed(text.as_bytes()).expect("worth it")), text.as_bytes());
        assert_eq!(pack::packed(b"short"), None);
        for (hash, bytes) in PACKED {
            let digest: [u8; 32] = sha2::Digest::finalize(sha2::Digest::chain_update(
                <sha2::Sha256 as sha2::Digest>::new(),
                unpack(bytes),
            ))
            .into();
            assert_eq!(digest, *hash);
        }
    }
}
