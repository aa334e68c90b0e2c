//! Sites, kept at hand because every visitor's message asks who answers first there.

use crate::{Agent, AiHub, Clock, ImageRefusal, Store, StoreError};
use macaw_domain::{MOST_LANGUAGES, MOST_WORDS_BYTES, Site, SiteId, SiteLook, SiteSettings};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Sites.
pub struct Sites {
    pub(crate) store: Arc<dyn Store>,
    hub: AiHub,
    clock: Arc<dyn Clock>,
    known: Mutex<HashMap<SiteId, Arc<Site>>>,
    /// Logos decoded at once: one.
    pub(crate) decoding: Semaphore,
}

/// Why a site was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// Only a manager may.
    #[error("only a manager may change sites")]
    NotAllowed,
    /// No such site in this tenant.
    #[error("there is no such site")]
    NotFound,
    /// A setting is out of its bounds.
    #[error("{0}")]
    Invalid(&'static str),
    /// No engine of this name is configured.
    #[error("engine: there is no engine called {0}; known: {1}")]
    NoSuchEngine(String, String),
    /// A logo that is no picture, or one that cannot be shown.
    #[error("logo: {0}")]
    Logo(#[from] ImageRefusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Kept at most; beyond it the table starts afresh, which only costs reads.
const MOST_SITES: usize = 10_000;

impl Sites {
    /// Over this store; a site may choose among these engines.
    pub fn new(store: Arc<dyn Store>, hub: impl Into<AiHub>, clock: Arc<dyn Clock>) -> Self {
        Self { store, hub: hub.into(), clock, known: Mutex::default(), decoding: Semaphore::new(1) }
    }

    /// A site by its id, of whatever tenant: this is how visitors come in.
    pub async fn find(&self, id: SiteId) -> Result<Option<Arc<Site>>, StoreError> {
        if let Some(site) = self.known().get(&id) {
            return Ok(Some(site.clone()));
        }
        let Some(site) = self.store.site(id).await?.map(Arc::new) else { return Ok(None) };
        let mut known = self.known();
        if known.len() >= MOST_SITES {
            known.clear();
        }
        known.insert(id, site.clone());
        Ok(Some(site))
    }

    /// The sites of the actor's tenant.
    pub async fn list(&self, actor: &Agent) -> Result<Vec<Site>, StoreError> {
        self.store.sites(actor.tenant).await
    }

    /// Adds a site.
    pub async fn create(&self, actor: &Agent, settings: SiteSettings) -> Result<Site, SiteError> {
        let id = SiteId(self.clock.fresh());
        self.write(actor, Site { id, tenant: actor.tenant, settings }).await
    }

    /// Replaces a site's settings; which logo was uploaded stays.
    pub async fn update(&self, actor: &Agent, id: SiteId, mut settings: SiteSettings) -> Result<Site, SiteError> {
        let site = self.own(actor, id).await?;
        settings.look.logo = site.settings.look.logo.clone();
        self.write(actor, Site { settings, ..site }).await
    }

    /// A site of the actor's tenant, as it is stored.
    pub(crate) async fn own(&self, actor: &Agent, id: SiteId) -> Result<Site, SiteError> {
        let known = self.store.site(id).await?.filter(|site| site.tenant == actor.tenant);
        known.ok_or(SiteError::NotFound)
    }

    pub(crate) async fn write(&self, actor: &Agent, site: Site) -> Result<Site, SiteError> {
        if !actor.may_manage() {
            return Err(SiteError::NotAllowed);
        }
        check(&site.settings).map_err(SiteError::Invalid)?;
        if let Some(engine) = &site.settings.engine {
            let shelved = self.hub.of(site.tenant).await?;
            if !shelved.engines.names().any(|known| known == engine) {
                let known = shelved.engines.names().collect::<Vec<_>>().join(", ");
                return Err(SiteError::NoSuchEngine(engine.clone(), known));
            }
        }
        self.store.put_site(site.clone(), self.clock.now()).await?;
        self.store.mark_edited(site.id, self.clock.now()).await?;
        self.known().remove(&site.id);
        Ok(site)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<SiteId, Arc<Site>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check(settings: &SiteSettings) -> Result<(), &'static str> {
    let hex = settings.colour.strip_prefix('#').unwrap_or_default();
    if settings.name.trim().is_empty() || settings.name.chars().count() > 60 {
        return Err("name: 1 to 60 characters");
    }
    if settings.greeting.chars().count() > 300 {
        return Err("greeting: at most 300 characters");
    }
    if settings.suggestions.len() > 6 || settings.suggestions.iter().any(|s| s.chars().count() > 60) {
        return Err("suggestions: at most 6 of at most 60 characters");
    }
    check_look(settings)?;
    if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("colour: #rrggbb");
    }
    if settings.domains.len() > 50 || settings.domains.iter().any(|d| !is_domain(d)) {
        return Err("domains: at most 50 host names such as shop.example or *.shop.example");
    }
    Ok(())
}

/// What is told before the first click stays below 2 KB, in whichever language.
fn check_look(settings: &SiteSettings) -> Result<(), &'static str> {
    let SiteLook { title, languages, .. } = &settings.look;
    let bytes = |texts: &[String]| texts.iter().map(String::len).sum::<usize>();
    let fits = |words: &[&str], suggestions: &[String]| {
        words.iter().map(|text| text.len()).sum::<usize>() + bytes(suggestions) <= MOST_WORDS_BYTES
    };
    if languages.len() > MOST_LANGUAGES {
        return Err("languages: at most 4");
    }
    let is_lang = |lang: &str| (2..=3).contains(&lang.len()) && lang.bytes().all(|b| b.is_ascii_lowercase());
    if languages
        .iter()
        .enumerate()
        .any(|(n, words)| !is_lang(&words.lang) || languages.iter().take(n).any(|other| other.lang == words.lang))
    {
        return Err("languages: two or three small letters such as en, each once");
    }
    if languages.iter().map(|words| &words.title).chain([title]).any(|title| title.chars().count() > 60) {
        return Err("title: at most 60 characters");
    }
    if languages.iter().any(|words| words.greeting.chars().count() > 300) {
        return Err("greeting: at most 300 characters");
    }
    if languages.iter().any(|w| w.suggestions.len() > 6 || w.suggestions.iter().any(|s| s.chars().count() > 60)) {
        return Err("suggestions: at most 6 of at most 60 characters");
    }
    let name = &settings.name;
    let own = fits(&[name, title, &settings.greeting], &settings.suggestions);
    if !own || languages.iter().any(|words| !fits(&[name, &words.title, &words.greeting], &words.suggestions)) {
        return Err("greeting, title and suggestions: at most 1300 bytes together (a Chinese character has three)");
    }
    Ok(())
}

fn is_domain(domain: &str) -> bool {
    let host = domain.strip_prefix("*.").unwrap_or(domain);
    (1..=253).contains(&host.len())
        && host
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

#[cfg(test)]
mod tests {
    use super::{check, is_domain};
    use crate::starter_site;
    use macaw_domain::SiteWords;

    #[test]
    fn words_of_each_language_are_bounded_and_each_language_stands_once() {
        let words = |lang: &str, greeting: &str| SiteWords {
            lang: lang.to_owned(),
            title: String::new(),
            greeting: greeting.to_owned(),
            suggestions: Vec::new(),
        };
        let mut site = starter_site("Shop", None);
        assert_eq!(check(&site), Ok(()));
        let long = "好".repeat(300);
        for bad in [
            vec![words("en", ""), words("en", "Hello")],
            vec![words("EN", "")],
            vec![words("english", "")],
            vec![words("en", &format!("{long}好"))],
            ["en", "de", "fr", "it", "es"].map(|lang| words(lang, "")).to_vec(),
            vec![SiteWords { suggestions: vec!["题".repeat(60); 6], ..words("en", &long) }],
        ] {
            site.look.languages = bad;
            assert!(check(&site).is_err(), "{:?}", site.look.languages);
        }
        site.look.languages = vec![words("en", &long), words("de", "Hallo")];
        assert_eq!(check(&site), Ok(()));
    }

    #[test]
    fn domains_are_host_names() {
        for good in ["shop.example", "*.shop.example", "localhost", "127.0.0.1"] {
            assert!(is_domain(good), "{good}");
        }
        for bad in ["", "*", "https://shop.example", "shop.example/", "a..b", "*.*.b"] {
            assert!(!is_domain(bad), "{bad}");
        }
    }
}
