//! How the widget looks and speaks at a site, beside its name and colour.

use crate::SiteSettings;

/// Languages that a site may greet in besides its own words.
pub const MOST_LANGUAGES: usize = 4;
/// Bytes that name, title, greeting and suggestions of one language take together at most, so that what the widget
/// reads before the first click stays below 2 KB.
pub const MOST_WORDS_BYTES: usize = 1_300;

/// Where the launcher sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Corner {
    /// At the lower right.
    #[default]
    Right,
    /// At the lower left.
    Left,
}

impl Corner {
    /// The stable word, in the store and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Left => "left",
        }
    }

    /// The value of a stable word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Right, Self::Left].into_iter().find(|corner| corner.as_str() == word)
    }
}

/// The face of a site where no person answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Face {
    /// The macaw.
    #[default]
    Macaw,
    /// The first letter of the title.
    Initial,
    /// The uploaded logo; the first letter while there is none.
    Logo,
}

impl Face {
    /// The stable word, in the store and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Macaw => "macaw",
            Self::Initial => "initial",
            Self::Logo => "logo",
        }
    }

    /// The value of a stable word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Macaw, Self::Initial, Self::Logo].into_iter().find(|face| face.as_str() == word)
    }
}

/// What a site says to those who read another language than its own words are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteWords {
    /// A language such as `en`: two or three small letters.
    pub lang: String,
    /// What the home is headed; empty shows the site's own title.
    pub title: String,
    /// The first words; empty shows the site's own.
    pub greeting: String,
    /// Questions a visitor can tap; none shows the site's own.
    pub suggestions: Vec<String>,
}

/// How the widget looks, and what it says in other languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteLook {
    /// Where the launcher sits.
    pub corner: Corner,
    /// What the home is headed; empty shows the site's name.
    pub title: String,
    /// Its face.
    pub face: Face,
    /// Which logo was uploaded last: changes with its bytes. `None` while there is none.
    pub logo: Option<String>,
    /// Whether the widget says what it is made with.
    pub powered: bool,
    /// Words in other languages, each language once.
    pub languages: Vec<SiteWords>,
}

impl Default for SiteLook {
    fn default() -> Self {
        Self {
            corner: Corner::default(),
            title: String::new(),
            face: Face::default(),
            logo: None,
            powered: true,
            languages: Vec::new(),
        }
    }
}

/// What the widget says to one visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spoken<'a> {
    /// What the home is headed.
    pub title: &'a str,
    /// The first words; may be empty.
    pub greeting: &'a str,
    /// Questions to tap.
    pub suggestions: &'a [String],
}

impl SiteSettings {
    /// The words for who reads `lang`, a language such as `en` or `en-GB`; the site's own for any other.
    pub fn spoken(&self, lang: &str) -> Spoken<'_> {
        let first = lang.split(['-', '_']).next().unwrap_or_default();
        let words = self.look.languages.iter().find(|words| words.lang.eq_ignore_ascii_case(first));
        let own_title = if self.look.title.is_empty() { &self.name } else { &self.look.title };
        let own = Spoken { title: own_title, greeting: &self.greeting, suggestions: &self.suggestions };
        let Some(words) = words else { return own };
        Spoken {
            title: if words.title.is_empty() { own.title } else { &words.title },
            greeting: if words.greeting.is_empty() { own.greeting } else { &words.greeting },
            suggestions: if words.suggestions.is_empty() { own.suggestions } else { &words.suggestions },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> SiteSettings {
        let english = SiteWords {
            lang: "en".into(),
            title: String::new(),
            greeting: "Hello".into(),
            suggestions: vec!["Where is my parcel?".into()],
        };
        SiteSettings {
            name: "商店".into(),
            domains: Vec::new(),
            greeting: "您好".into(),
            suggestions: vec!["怎么退货？".into()],
            colour: String::new(),
            engine: None,
            typing_preview: false,
            look: SiteLook { title: "小店客服".into(), languages: vec![english], ..SiteLook::default() },
        }
    }

    #[test]
    fn each_visitor_is_greeted_in_its_language_and_others_in_the_sites_own_words() {
        let site = site();
        for lang in ["en", "en-GB", "EN_us"] {
            let spoken = site.spoken(lang);
            assert_eq!((spoken.title, spoken.greeting), ("小店客服", "Hello"), "{lang}");
            assert_eq!(spoken.suggestions, ["Where is my parcel?"]);
        }
        for lang in ["zh-CN", "", "e", "enx", "-", "ü"] {
            assert_eq!(site.spoken(lang).greeting, "您好", "{lang}");
        }
    }

    #[test]
    fn a_site_without_a_title_is_headed_by_its_name() {
        let mut site = site();
        site.look.title.clear();
        assert_eq!(site.spoken("zh").title, "商店");
    }
}
