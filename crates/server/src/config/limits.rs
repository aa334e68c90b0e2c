//! `[limits]`: a rate each, such as "20/10s".

use anyhow::{Context, Result};
use macaw_app::{LimitRates, Limits as Counted, Rate};
use macaw_domain::Millis;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Unknown names were refused when the files were merged.
#[derive(Debug, Deserialize)]
pub(crate) struct Limits {
    pub(crate) enable: bool,
    #[serde(flatten)]
    rates: BTreeMap<String, toml::Value>,
}

impl Limits {
    /// Errors name the key.
    pub(super) fn rates(&self) -> Result<LimitRates> {
        LimitRates::from_names(|name| {
            let value = self.rates.get(name).with_context(|| format!("limits.{name} is missing"))?;
            let rate = value.as_str().and_then(parse);
            rate.with_context(|| format!("limits.{name}: {value} is no rate; write \"20/10s\" or \"300/24h\""))
        })
    }

    pub(crate) fn counted(&self) -> Result<Counted> {
        Ok(if self.enable { Counted::new(self.rates()?) } else { Counted::off() })
    }
}

fn parse(text: &str) -> Option<Rate> {
    let (burst, window) = text.split_once('/')?;
    let burst = burst.trim().parse().ok().filter(|burst| *burst > 0)?;
    let window = super::parse_duration(window.trim())?;
    Some(Rate { burst, window_ms: Millis::try_from(window.as_millis()).ok()? })
}

#[cfg(test)]
mod tests {
    use crate::config::load;

    #[test]
    fn rates_are_checked_before_the_start() {
        let with =
            |rate: &str| load(None, [("MACAW__LIMITS__MESSAGES_PER_SITE".to_owned(), rate.to_owned())].into_iter());
        let config = with("7/2m").expect("loads");
        let rate = config.limits.rates().expect("good").messages_per_site;
        assert_eq!((rate.burst, rate.window_ms), (7, 120_000));
        for bad in ["20", "0/1m", "20/10", "-1/1m", "20 per minute", "/1m", "1/"] {
            let error = with(bad).expect_err(bad).to_string();
            assert!(error.contains("limits.messages_per_site"), "{error}");
        }
    }
}
