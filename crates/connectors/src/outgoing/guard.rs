//! Where an outgoing call may go: public addresses, and those that the operator allows.

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

/// Networks that are allowed although they are not public.
#[derive(Debug, Clone, Default)]
pub struct Allowed(Arc<[IpNet]>);

/// An address that no call goes to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{host} is at {address}, which is no public address; name its network in allow_networks if that is meant")]
pub struct NotAllowed {
    host: String,
    address: IpAddr,
}

impl Allowed {
    /// Public addresses and these networks.
    pub fn new(networks: impl IntoIterator<Item = IpNet>) -> Self {
        Self(networks.into_iter().collect())
    }

    fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.0.iter().any(|network| network.contains(&address))
    }

    /// Checks a host that is written as an address; names are checked when they are resolved.
    pub(super) fn host(&self, host: &str) -> Result<(), NotAllowed> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) if !self.admits(address) => Err(NotAllowed { host: host.to_owned(), address }),
            _ => Ok(()),
        }
    }
}

/// Resolves names and keeps only addresses that are allowed: what was checked is what is connected to, so a name
/// that changes between check and use changes nothing.
impl Resolve for Allowed {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let good: Vec<SocketAddr> = found.iter().copied().filter(|at| allowed.admits(at.ip())).collect();
            match found.first() {
                Some(first) if good.is_empty() => Err(NotAllowed { host, address: first.ip() }.into()),
                _ => Ok(Box::new(good.into_iter()) as Addrs),
            }
        })
    }
}

/// Whether an address is one of the public internet. Deny by default: what is reserved for anything is not.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let reserved = a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !(reserved || v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_documentation())
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let segments = v6.segments();
    let [first, second, ..] = segments;
    // Global unicast is 2000::/3; the rest is local, reserved or multicast.
    let global = first & 0xe000 == 0x2000;
    let documentation = first == 0x2001 && second == 0x0db8 || first == 0x3fff;
    // Teredo and 6to4 carry an IPv4 address that nobody checked.
    let tunnel = first == 0x2001 && second == 0 || first == 0x2002;
    global && !documentation && !tunnel
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn what_is_not_public_is_not_reached() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fd00:ec2::254",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!Allowed::default().admits(ip(private)), "{private}");
            assert!(Allowed::default().host(private).is_err(), "{private}");
        }
        for public in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(Allowed::default().admits(ip(public)), "{public}");
        }
        assert!(Allowed::default().host("[::1]").is_err());
    }

    #[test]
    fn an_allowed_network_is_reached_and_only_that() {
        let allowed = Allowed::new([IpNet::from_str("10.0.0.0/8").expect("a network")]);
        assert!(allowed.admits(ip("10.9.8.7")) && allowed.admits(ip("::ffff:10.9.8.7")));
        assert!(!allowed.admits(ip("127.0.0.1")) && !allowed.admits(ip("169.254.169.254")));
    }

    #[tokio::test]
    async fn a_name_that_leads_to_a_private_address_is_refused_in_words() {
        let resolve = |allowed: Allowed| async move {
            allowed.resolve(Name::from_str("localhost").expect("a name")).await.map(Iterator::count)
        };
        let error = resolve(Allowed::default()).await.expect_err("loopback").to_string();
        assert!(error.contains("allow_networks"), "{error}");
        let loopback = ["127.0.0.0/8", "::1/128"].map(|net| IpNet::from_str(net).expect("a network"));
        assert!(resolve(Allowed::new(loopback)).await.expect("allowed") > 0);
    }
}
