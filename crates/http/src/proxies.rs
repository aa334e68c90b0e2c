//! Where a request really comes from: the peer, or, behind proxies that are trusted by name, the
//! client that they speak for. Nothing that a stranger writes into a header is believed.

use crate::auth::header_text;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{FORWARDED, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Uri;
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// How a connection reached this process; the listener puts it into each request.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// The other end of the connection.
    pub peer: SocketAddr,
    /// It is encrypted up to here.
    pub tls: bool,
}

/// The headers in which trusted proxies name the client. One family only: a proxy that sets one
/// of them passes the other on as the client wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardedBy {
    /// `X-Forwarded-For`, `-Proto`, `-Host`.
    #[default]
    XForwarded,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The address that people type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    origin: String,
}

impl std::str::FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| "is no address")?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("begins with https:// or http://"),
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err("has no path; Macaw is served at the root of its host");
        }
        let authority = uri.authority().filter(|a| !a.as_str().contains('@')).ok_or("names a host")?;
        let default = if https { ":443" } else { ":80" };
        let host = authority.as_str().to_ascii_lowercase();
        let host = host.strip_suffix(default).unwrap_or(&host);
        Ok(Self { https, origin: format!("{}://{host}", if https { "https" } else { "http" }) })
    }
}

impl PublicUrl {
    /// Whether it is encrypted.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// `scheme://host[:port]`, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.origin
    }
}

/// What is configured about the way in.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    /// The address that people type, if it is configured.
    pub public_url: Option<PublicUrl>,
    /// Peers whose forwarded headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Which of them.
    pub forwarded_by: ForwardedBy,
}

/// Who asks, as far as the network tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Client {
    /// The client's address.
    pub(crate) address: IpAddr,
    /// The browser speaks https, so cookies may be `Secure`.
    pub(crate) secure: bool,
    /// The host that the browser asked for, with its port if it is not the usual one.
    host: Option<String>,
    /// The last hop is a proxy that nobody configured: the address says nothing about the client.
    pub(crate) unknown_proxy: bool,
}

impl Edge {
    /// The client behind an arrival.
    pub(crate) fn client(&self, arrival: Arrival, headers: &HeaderMap) -> Client {
        let peer = arrival.peer.ip().to_canonical();
        let trusted = self.trusts(peer);
        let hop = if trusted { self.hop(peer, headers) } else { Hop { address: peer, ..Hop::default() } };
        let https = self.public_url.as_ref().is_some_and(PublicUrl::is_https);
        Client {
            address: hop.address,
            secure: https || arrival.tls || hop.proto.as_deref() == Some("https"),
            host: hop.host.or_else(|| header_text(headers, HOST.as_str()).map(str::to_owned)),
            unknown_proxy: !trusted
                && ["x-forwarded-for", "forwarded", "x-real-ip", "via"].iter().any(|h| headers.contains_key(*h)),
        }
    }

    /// Whether the page that asks is one of ours. Programs that are no browser send no origin.
    pub(crate) fn is_own_origin(&self, client: &Client, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(ORIGIN) else { return true };
        let Some((scheme, authority)) = origin.to_str().ok().and_then(|origin| origin.split_once("://")) else {
            return false;
        };
        if let Some(own) = &self.public_url {
            return own.origin == format!("{scheme}://{authority}");
        }
        let right_scheme = scheme == "https" || !client.secure;
        right_scheme && client.host.as_deref() == Some(authority)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|net| net.contains(&address))
    }

    /// Walks back from the peer over trusted proxies to the first address that is none.
    fn hop(&self, peer: IpAddr, headers: &HeaderMap) -> Hop {
        let hops = match self.forwarded_by {
            ForwardedBy::XForwarded => x_forwarded(headers),
            ForwardedBy::Forwarded => forwarded(headers),
        };
        let mut known = Hop { address: peer, ..hops.last().cloned().unwrap_or_default() };
        for hop in hops.into_iter().rev() {
            // What is written before something unreadable was written by nobody we trust.
            let Some(address) = hop.named else { break };
            known.address = address;
            if !self.trusts(address) {
                break;
            }
        }
        known
    }
}

#[derive(Debug, Clone)]
struct Hop {
    address: IpAddr,
    /// The address that the header names, if it is one.
    named: Option<IpAddr>,
    proto: Option<String>,
    host: Option<String>,
}

impl Default for Hop {
    fn default() -> Self {
        Self { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), named: None, proto: None, host: None }
    }
}

/// The items of a list that may be spread over several headers.
fn items<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).iter().flat_map(|line| line.to_str().unwrap_or("?").split(',')).map(str::trim)
}

fn x_forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let last = |name| items(headers, name).last().map(str::to_ascii_lowercase);
    let (proto, host) = (last("x-forwarded-proto"), last("x-forwarded-host"));
    let hop = |text| Hop { named: address(text), proto: proto.clone(), host: host.clone(), ..Hop::default() };
    let mut hops: Vec<_> = items(headers, "x-forwarded-for").map(hop).collect();
    if hops.is_empty() {
        hops.push(hop(""));
    }
    hops
}

fn forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let hop = |element: &str| {
        let mut hop = Hop::default();
        for (key, value) in element.split(';').filter_map(|pair| pair.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match key.trim().to_ascii_lowercase().as_str() {
                "for" => hop.named = address(value),
                "proto" => hop.proto = Some(value.to_ascii_lowercase()),
                "host" => hop.host = Some(value.to_ascii_lowercase()),
                _ => {}
            }
        }
        hop
    };
    items(headers, FORWARDED.as_str()).map(hop).collect()
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let parsed = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    parsed.ok().map(|address: IpAddr| address.to_canonical())
}

/// Puts the [`Client`] into each request.
pub(crate) async fn resolve(State(app): State<crate::App>, mut request: Request, next: Next) -> Response {
    let nowhere = Arrival { peer: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)), tls: false };
    let arrival = request.extensions().get::<Arrival>().copied().unwrap_or(nowhere);
    let client = app.edge.client(arrival, request.headers());
    request.extensions_mut().insert(client);
    next.run(request).await
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

impl Client {
    /// The client of a request that went through [`resolve`].
    pub(crate) fn of(parts: &Parts) -> Self {
        let nowhere =
            || Self { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), secure: false, host: None, unknown_proxy: true };
        parts.extensions.get::<Self>().cloned().unwrap_or_else(nowhere)
    }
}

#[cfg(test)]
#[path = "proxies_tests.rs"]
mod tests;
