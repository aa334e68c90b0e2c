//! When a rule counts besides its pattern.

use macaw_domain::{Millis, SiteId, TenantId, language};

/// What is known about a question when it is routed.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// All that was asked.
    pub text: &'a str,
    /// Whose visitor asks; `None` when a rule is only tried out.
    pub tenant: Option<TenantId>,
    /// At which site.
    pub site: Option<SiteId>,
    /// The site has vouched for who the visitor is.
    pub identified: bool,
    /// When.
    pub now: Millis,
}

/// When a rule counts. Empty: always.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    pub(super) tenants: Vec<TenantId>,
    pub(super) sites: Vec<SiteId>,
    pub(super) languages: Vec<String>,
    pub(super) hours: Option<Hours>,
    pub(super) identified: Option<bool>,
}

/// Hours of a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hours {
    /// 0 is Monday.
    pub(super) days: Vec<u8>,
    /// Minutes since midnight; a range that ends before it begins goes past midnight.
    pub(super) from: u16,
    pub(super) to: u16,
    /// Minutes east of UTC.
    pub(super) zone: i16,
    /// Outside of them.
    pub(super) outside: bool,
}

const DAY: i64 = 24 * 60;

impl Conditions {
    /// The first condition that does not hold, in words.
    pub(super) fn unmet(&self, facts: &Facts<'_>) -> Option<&'static str> {
        let among = |all: bool, one: bool| all || one;
        if !among(self.tenants.is_empty(), facts.tenant.is_some_and(|tenant| self.tenants.contains(&tenant))) {
            return Some("tenants");
        }
        if !among(self.sites.is_empty(), facts.site.is_some_and(|site| self.sites.contains(&site))) {
            return Some("sites");
        }
        let spoken = language(facts.text);
        if !among(self.languages.is_empty(), self.languages.iter().any(|wanted| wanted == spoken)) {
            return Some("language");
        }
        if self.identified.is_some_and(|wanted| wanted != facts.identified) {
            return Some("identified");
        }
        self.hours.as_ref().filter(|hours| !hours.hold(facts.now)).map(|_| "hours")
    }
}

impl Hours {
    fn hold(&self, now: Millis) -> bool {
        let minutes = now.div_euclid(60_000) + i64::from(self.zone);
        let (day, minute) = (minutes.div_euclid(DAY), minutes.rem_euclid(DAY));
        // 1970 began on a Thursday.
        let weekday = |day: i64| u8::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        let (from, to) = (i64::from(self.from), i64::from(self.to));
        let on = |day: i64| self.days.contains(&weekday(day));
        let inside = match from < to {
            true => on(day) && (from..to).contains(&minute),
            // The part after midnight belongs to the day before.
            false => (on(day) && minute >= from) || (on(day - 1) && minute < to),
        };
        inside != self.outside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wednesday, 25 November 2026, 02:30 in UTC.
    const WEDNESDAY: Millis = 1_795_573_800_000;

    fn hours(days: &[u8], from: u16, to: u16, zone: i16) -> Hours {
        Hours { days: days.to_vec(), from: from * 60, to: to * 60, zone, outside: false }
    }

    #[test]
    fn hours_are_of_the_day_where_they_are_meant() {
        assert!(hours(&[2], 2, 3, 0).hold(WEDNESDAY));
        assert!(!hours(&[1], 2, 3, 0).hold(WEDNESDAY));
        assert!(hours(&[2], 9, 18, 8 * 60).hold(WEDNESDAY), "10:30 in Shanghai");
        assert!(hours(&[1], 9, 22, -5 * 60).hold(WEDNESDAY), "21:30 on Tuesday in New York");
        assert!(!hours(&[2], 11, 18, 8 * 60).hold(WEDNESDAY));
    }

    #[test]
    fn hours_may_go_past_midnight_and_be_the_other_ones() {
        let night = hours(&[1], 22, 6, 0);
        assert!(night.hold(WEDNESDAY), "Tuesday's night");
        assert!(!hours(&[2], 22, 6, 0).hold(WEDNESDAY), "Wednesday's has not begun");
        assert!(!Hours { outside: true, ..night }.hold(WEDNESDAY));
    }
}
