//! `[server]` and `[tls]`: the way in.

use super::duration;
use ipnet::IpNet;
use macaw_http::{Edge, ForwardedBy, PublicUrl};
use serde::{Deserialize, Deserializer, de::Error};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    pub(crate) data: PathBuf,
    #[serde(deserialize_with = "public_url")]
    pub(crate) public_url: Option<PublicUrl>,
    #[serde(deserialize_with = "networks")]
    pub(crate) trusted_proxies: Vec<IpNet>,
    #[serde(deserialize_with = "forwarded_by")]
    pub(crate) forwarded_by: ForwardedBy,
    #[serde(deserialize_with = "duration")]
    pub(crate) header_timeout: Duration,
    /// 0: as many as there are files for.
    pub(crate) max_connections: usize,
    /// 0: one a core.
    pub(crate) shards: u16,
    pub(crate) descriptors_per_shard: bool,
}

/// Both files or none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    #[serde(deserialize_with = "duration")]
    pub(crate) reload: Duration,
}

impl Tls {
    pub(crate) fn is_on(&self) -> bool {
        !self.certificate.as_os_str().is_empty()
    }

    pub(super) fn refusal(&self) -> Option<&'static str> {
        let half = self.is_on() == self.key.as_os_str().is_empty();
        half.then_some("tls: certificate and key are set both or neither")
    }
}

impl Server {
    pub(crate) fn edge(&self) -> Edge {
        Edge {
            public_url: self.public_url.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            forwarded_by: self.forwarded_by,
        }
    }

    /// What is legal but risky about the way in, in words.
    pub(super) fn warnings(&self, tls: &Tls) -> Vec<String> {
        let mut warnings = Vec::new();
        let encrypted = tls.is_on() || self.public_url.as_ref().is_some_and(PublicUrl::is_https);
        // A proxy that is named is trusted to speak https to the world.
        if !self.listen.ip().is_loopback() && !encrypted && self.trusted_proxies.is_empty() {
            warnings.push(format!(
                "server.listen is {} without TLS: passwords and messages travel in clear text, the session cookie \
                 cannot be Secure, and browsers refuse such pages the clipboard, notifications and the microphone; \
                 set [tls], or put a proxy with TLS in front and set server.public_url and server.trusted_proxies",
                self.listen
            ));
        }
        if !tls.is_on() && encrypted && self.trusted_proxies.is_empty() {
            warnings.push(
                "server.public_url is https, but there is neither [tls] nor server.trusted_proxies: limits by address \
                 see the proxy's address, so all visitors share them"
                    .to_owned(),
            );
        }
        let everybody = |net: &&IpNet| net.prefix_len() == 0;
        if let Some(net) = self.trusted_proxies.iter().find(everybody) {
            warnings.push(format!(
                "server.trusted_proxies has {net}: everybody may claim any address, so limits by address hold nobody"
            ));
        }
        warnings
    }
}

fn public_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PublicUrl>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|why| D::Error::custom(format!("server.public_url: {text:?}: it {why}")))
}

fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let network = |text: &String| {
        let parsed = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        parsed.map_err(|_| {
            D::Error::custom(format!(
                "server.trusted_proxies: {text:?} is neither an address nor a network such as \"10.0.0.0/8\""
            ))
        })
    };
    texts.iter().map(network).collect()
}

fn forwarded_by<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ForwardedBy, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "x-forwarded" => Ok(ForwardedBy::XForwarded),
        "forwarded" => Ok(ForwardedBy::Forwarded),
        other => Err(D::Error::custom(format!("server.forwarded_by: {other:?}; \"x-forwarded\" or \"forwarded\""))),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{load, warnings};

    fn with(pairs: &[(&str, &str)]) -> anyhow::Result<crate::config::Config> {
        load(None, pairs.iter().map(|(k, v)| (format!("MACAW__{k}"), (*v).to_owned())).collect::<Vec<_>>().into_iter())
    }

    #[test]
    fn the_way_in_is_checked_before_the_start() {
        let good = with(&[
            ("SERVER__PUBLIC_URL", "https://chat.example"),
            ("SERVER__TRUSTED_PROXIES", "[\"127.0.0.1\", \"10.0.0.0/8\", \"2001:db8::/32\"]"),
            ("SERVER__FORWARDED_BY", "forwarded"),
        ]);
        assert_eq!(good.expect("loads").server.trusted_proxies.len(), 3);
        for (key, value, word) in [
            ("SERVER__PUBLIC_URL", "chat.example", "public_url"),
            ("SERVER__TRUSTED_PROXIES", "[\"everybody\"]", "trusted_proxies"),
            ("SERVER__FORWARDED_BY", "x-real-ip", "forwarded_by"),
            ("TLS__KEY", "key.pem", "tls"),
            ("TLS__CERTIFICATE", "certificate.pem", "tls"),
        ] {
            let error = with(&[(key, value)]).expect_err(key).to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn a_plain_address_in_the_network_is_warned_about_in_words() {
        let lan = ("SERVER__LISTEN", "192.0.2.1:80");
        let plain = warnings(&with(&[lan]).expect("loads"));
        for word in ["clear text", "Secure", "clipboard", "notifications", "microphone"] {
            assert!(plain.len() == 1 && plain[0].contains(word), "{plain:?}");
        }
        let tls = [lan, ("TLS__CERTIFICATE", "a.pem"), ("TLS__KEY", "b.pem")];
        let proxied =
            [lan, ("SERVER__PUBLIC_URL", "https://a.example"), ("SERVER__TRUSTED_PROXIES", "[\"192.0.2.9\"]")];
        for quiet in [tls, proxied] {
            assert_eq!(warnings(&with(&quiet).expect("loads")), [""; 0]);
        }
        let shared = warnings(&with(&[("SERVER__PUBLIC_URL", "https://a.example")]).expect("loads"));
        assert!(shared.len() == 1 && shared[0].contains("share"), "{shared:?}");
        let all = warnings(&with(&[("SERVER__TRUSTED_PROXIES", "[\"0.0.0.0/0\"]")]).expect("loads"));
        assert!(all.len() == 1 && all[0].contains("everybody"), "{all:?}");
    }
}
