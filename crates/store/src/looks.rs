//! The look of a site as JSON, the same in every dialect.

use macaw_domain::{Corner, Face, SiteLook, SiteWords};
use serde_json::{Value, json};

/// The stored form of a look.
pub(crate) fn stored_look(look: &SiteLook) -> Value {
    let words = |words: &SiteWords| {
        json!({
            "lang": words.lang, "title": words.title, "greeting": words.greeting, "suggestions": words.suggestions,
        })
    };
    json!({
        "corner": look.corner.as_str(), "title": look.title, "face": look.face.as_str(), "logo": look.logo,
        "powered": look.powered, "languages": look.languages.iter().map(words).collect::<Vec<_>>(),
    })
}

/// The look of its stored form.
pub(crate) fn look(value: &Value) -> Option<SiteLook> {
    let languages = value.get("languages")?.as_array()?.iter().map(words).collect::<Option<_>>()?;
    Some(SiteLook {
        corner: Corner::parse(&text(value, "corner")?)?,
        title: text(value, "title")?,
        face: Face::parse(&text(value, "face")?)?,
        logo: text(value, "logo"),
        powered: value.get("powered")?.as_bool()?,
        languages,
    })
}

fn words(value: &Value) -> Option<SiteWords> {
    let suggestions = value.get("suggestions")?.as_array()?.iter();
    Some(SiteWords {
        lang: text(value, "lang")?,
        title: text(value, "title")?,
        greeting: text(value, "greeting")?,
        suggestions: suggestions.map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>()?,
    })
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::stored::settings;
    use macaw_domain::SiteLook;

    #[test]
    fn a_site_from_before_there_were_looks_has_the_usual_one() {
        let old =
            r##"{"name":"Shop","domains":[],"greeting":"","suggestions":[],"colour":"#112233","typing_preview":true}"##;
        assert_eq!(settings(old).map(|settings| settings.look), Some(SiteLook::default()));
    }
}
