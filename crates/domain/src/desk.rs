//! What a tenant decides about the work at its desk.

use crate::Millis;

/// Reasons in the list.
const MOST_REASONS: usize = 30;
/// The longest reason, in characters.
const MAX_REASON: usize = 60;
/// A wait is long after a minute, too long after three, unless the tenant says otherwise.
const AMBER_MS: Millis = 60_000;
const RED_MS: Millis = 180_000;
/// The longest of both: a day.
const MAX_WAIT_MS: Millis = 24 * 3_600 * 1_000;

/// What a tenant decides about the work at its desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSettings {
    /// What an agent may choose when it closes a conversation; `None` while nobody has chosen any:
    /// clients then show those that they bring in the language of the agent.
    pub close_reasons: Option<Vec<String>>,
    /// Since when a waiting visitor is marked.
    pub amber_ms: Millis,
    /// Since when it is marked urgently.
    pub red_ms: Millis,
}

impl Default for DeskSettings {
    fn default() -> Self {
        Self { close_reasons: None, amber_ms: AMBER_MS, red_ms: RED_MS }
    }
}

/// Why settings are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeskSettingsError {
    /// Too many, blank or too long.
    #[error("close_reasons: at most {MOST_REASONS}, each 1 to {MAX_REASON} characters")]
    Reasons,
    /// Out of order or bounds.
    #[error("amber_ms and red_ms: 1 second to 24 hours, amber before red")]
    Waits,
}

impl DeskSettings {
    /// Trims, drops reasons that repeat another one, and checks the bounds.
    pub fn checked(self) -> Result<Self, DeskSettingsError> {
        let close_reasons = match self.close_reasons {
            Some(given) => Some(reasons(&given)?),
            None => None,
        };
        let fits = 1_000 <= self.amber_ms && self.amber_ms < self.red_ms && self.red_ms <= MAX_WAIT_MS;
        if fits { Ok(Self { close_reasons, ..self }) } else { Err(DeskSettingsError::Waits) }
    }
}

fn reasons(given: &[String]) -> Result<Vec<String>, DeskSettingsError> {
    let mut kept: Vec<String> = Vec::new();
    for reason in given.iter().map(|reason| reason.trim()) {
        if !(1..=MAX_REASON).contains(&reason.chars().count()) || reason.contains('\0') {
            return Err(DeskSettingsError::Reasons);
        }
        if !kept.iter().any(|known| known == reason) {
            kept.push(reason.to_owned());
        }
    }
    if kept.len() <= MOST_REASONS { Ok(kept) } else { Err(DeskSettingsError::Reasons) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(reasons: &[&str]) -> DeskSettings {
        let reasons = reasons.iter().map(|reason| (*reason).to_owned()).collect();
        DeskSettings { close_reasons: Some(reasons), ..DeskSettings::default() }
    }

    #[test]
    fn reasons_are_trimmed_and_repeats_dropped() {
        assert_eq!(with(&[" 已解决", "无效", "已解决"]).checked(), Ok(with(&["已解决", "无效"])));
        assert_eq!(DeskSettings::default().checked(), Ok(DeskSettings::default()));
        let many: Vec<String> = (0..=MOST_REASONS).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for bad in [&[" "][..], &["长".repeat(61).as_str()], &many] {
            assert_eq!(with(bad).checked(), Err(DeskSettingsError::Reasons));
        }
    }

    #[test]
    fn a_wait_is_marked_before_it_is_urgent() {
        let waits = |amber_ms, red_ms| DeskSettings { amber_ms, red_ms, ..DeskSettings::default() };
        assert!(waits(1_000, MAX_WAIT_MS).checked().is_ok());
        for (amber, red) in [(999, 5_000), (5_000, 5_000), (5_000, 4_000), (5_000, MAX_WAIT_MS + 1)] {
            assert_eq!(waits(amber, red).checked(), Err(DeskSettingsError::Waits));
        }
    }
}
