use super::*;
use axum::http::{HeaderName, HeaderValue};

fn edge(public_url: &str, proxies: &[&str], forwarded_by: ForwardedBy) -> Edge {
    Edge {
        public_url: (!public_url.is_empty()).then(|| public_url.parse().expect("an address")),
        trusted_proxies: proxies.iter().map(|net| net.parse().expect("a network")).collect(),
        forwarded_by,
    }
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).expect("visible"))
    };
    let mut headers = HeaderMap::new();
    for (name, value) in pairs.iter().map(pair) {
        headers.append(name, value);
    }
    headers
}

fn from(peer: &str) -> Arrival {
    Arrival { peer: SocketAddr::new(peer.parse().expect("an address"), 4_000), tls: false }
}

#[test]
fn a_stranger_names_nobody_but_itself() {
    let forged = headers(&[
        ("x-forwarded-for", "198.51.100.7"),
        ("forwarded", "for=198.51.100.7;proto=https"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
        ("host", "chat.example"),
    ]);
    for edge in [Edge::default(), edge("", &["10.0.0.0/8"], ForwardedBy::XForwarded)] {
        let client = edge.client(from("203.0.113.5"), &forged);
        assert_eq!(client.address.to_string(), "203.0.113.5");
        assert!(!client.secure && client.unknown_proxy);
        assert_eq!(client.host.as_deref(), Some("chat.example"));
    }
}

#[test]
fn behind_trusted_proxies_the_right_most_untrusted_address_counts() {
    let edge = edge("", &["10.0.0.0/8", "::1/128"], ForwardedBy::XForwarded);
    for (lines, expected) in [
        (vec!["198.51.100.7"], "198.51.100.7"),
        (vec!["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
        (vec!["1.1.1.1", "198.51.100.7, 10.0.0.9"], "198.51.100.7"),
        (vec!["1.1.1.1, garbage, 10.0.0.9"], "10.0.0.9"),
        (vec!["garbage"], "10.0.0.1"),
        (vec!["198.51.100.7:1234"], "198.51.100.7"),
        (vec!["[2001:db8::1]:80, ::1"], "2001:db8::1"),
        (vec!["::ffff:198.51.100.7"], "198.51.100.7"),
        (vec!["10.0.0.3, 10.0.0.4"], "10.0.0.3"),
        (vec![""], "10.0.0.1"),
        (vec![], "10.0.0.1"),
    ] {
        let pairs: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
        // Of the other family nothing is believed.
        let all = [pairs.as_slice(), &[("forwarded", "for=9.9.9.9")]].concat();
        let client = edge.client(from("::ffff:10.0.0.1"), &headers(&all));
        assert_eq!(client.address.to_string(), expected, "{lines:?}");
        assert!(!client.unknown_proxy);
    }
}

#[test]
fn the_standard_header_is_read_when_it_is_the_configured_one() {
    let edge = edge("", &["10.0.0.1/32"], ForwardedBy::Forwarded);
    let text = "for=1.1.1.1;proto=http, For=\"[2001:db8::7]:99\"; Proto=HTTPS;Host=Chat.example";
    let client = edge.client(from("10.0.0.1"), &headers(&[("forwarded", text), ("x-forwarded-for", "9.9.9.9")]));
    assert_eq!((client.address.to_string().as_str(), client.secure), ("2001:db8::7", true));
    assert_eq!(client.host.as_deref(), Some("chat.example"));
}

#[test]
fn a_trusted_proxy_says_https_with_its_last_word() {
    let edge = edge("", &["10.0.0.0/8"], ForwardedBy::XForwarded);
    for (proto, secure) in [("https", true), ("http", false), ("https, http", false), ("HTTPS", true), ("", false)] {
        assert_eq!(edge.client(from("10.0.0.1"), &headers(&[("x-forwarded-proto", proto)])).secure, secure, "{proto}");
    }
    assert!(edge.client(Arrival { tls: true, ..from("203.0.113.5") }, &headers(&[])).secure);
}

#[test]
fn the_own_origin_is_the_public_address_or_else_the_host_that_was_asked() {
    let own = |edge: &Edge, tls, origin, host| {
        let headers = headers(&[("origin", origin), ("host", host)]);
        edge.is_own_origin(&edge.client(Arrival { tls, ..from("203.0.113.5") }, &headers), &headers)
    };
    let plain = Edge::default();
    assert!(own(&plain, false, "http://chat.example:8080", "chat.example:8080"));
    assert!(own(&plain, false, "https://chat.example", "chat.example"), "TLS may end at a proxy that says nothing");
    for bad in ["null", "", "https://chat.example.evil.example", "https://evil-chat.example", "chat.example"] {
        assert!(!own(&plain, false, bad, "chat.example"), "{bad}");
    }
    assert!(own(&plain, true, "https://chat.example", "chat.example"));
    assert!(
        !own(&plain, true, "http://chat.example", "chat.example"),
        "a plain page of the same host is another origin"
    );
    let public = edge("https://Chat.example:443/", &[], ForwardedBy::XForwarded);
    assert!(own(&public, false, "https://chat.example", "127.0.0.1:8080"));
    for bad in ["https://127.0.0.1:8080", "http://chat.example", "https://chat.example:8443", "null"] {
        assert!(!own(&public, false, bad, "127.0.0.1:8080"), "{bad}");
    }
}

#[test]
fn a_public_address_is_scheme_and_host() {
    for bad in [
        "chat.example",
        "ftp://chat.example",
        "https://",
        "https://a@chat.example",
        "https://chat.example/path",
        "https://chat.example/?a",
    ] {
        assert!(bad.parse::<PublicUrl>().is_err(), "{bad}");
    }
    assert_eq!("https://chat.example:8443".parse::<PublicUrl>().expect("good").as_str(), "https://chat.example:8443");
}
