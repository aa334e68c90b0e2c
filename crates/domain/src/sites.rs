//! Sites: where visitors come from, and how the widget greets them there.

use crate::{SiteId, SiteLook, TenantId};

/// Where visitors come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// Whose.
    pub tenant: TenantId,
    /// How it looks and greets.
    pub settings: SiteSettings,
}

/// What a manager sets for a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSettings {
    /// What the widget's head says.
    pub name: String,
    /// Hosts whose pages may embed the widget; empty means any.
    pub domains: Vec<String>,
    /// The first words.
    pub greeting: String,
    /// Questions a visitor can tap.
    pub suggestions: Vec<String>,
    /// `#rrggbb`.
    pub colour: String,
    /// The engine that answers first; `None` sends everybody to the queue.
    pub engine: Option<String>,
    /// Agents see what a visitor is typing (the widget says so).
    pub typing_preview: bool,
    /// How the widget looks, and what it says in other languages.
    pub look: SiteLook,
}

impl SiteSettings {
    /// Whether a page at `origin` (`scheme://host[:port]`) may embed the widget.
    ///
    /// A domain matches its host and, written `*.example.com`, the hosts below it.
    pub fn allows_origin(&self, origin: &str) -> bool {
        if self.domains.is_empty() {
            return true;
        }
        let Some((_, authority)) = origin.split_once("://") else { return false };
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        };
        self.domains.iter().any(|domain| match domain.strip_prefix("*.") {
            Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.') && rest.len() > 1),
            None => host.eq_ignore_ascii_case(domain),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_domains(domains: &[&str]) -> SiteSettings {
        SiteSettings {
            name: String::new(),
            domains: domains.iter().map(|d| (*d).to_owned()).collect(),
            greeting: String::new(),
            suggestions: Vec::new(),
            colour: String::new(),
            engine: None,
            typing_preview: false,
            look: SiteLook::default(),
        }
    }

    #[test]
    fn only_listed_hosts_may_embed() {
        let site = with_domains(&["shop.example", "*.example.org"]);
        for good in ["https://shop.example", "http://shop.example:8080", "https://a.b.example.org"] {
            assert!(site.allows_origin(good), "{good}");
        }
        for bad in [
            "https://evil-shop.example",
            "https://example.org",
            "https://evilexample.org",
            "https://shop.example.evil.example",
            "https://shop.example@evil.example",
            "https://shop.example:443@evil.example:443",
            "https://a.example.org.evil.example",
            "shop.example",
            "",
            "null",
            "https://.example.org",
        ] {
            assert!(!site.allows_origin(bad), "{bad}");
        }
        assert!(with_domains(&[]).allows_origin("https://anywhere.example"));
    }
}
