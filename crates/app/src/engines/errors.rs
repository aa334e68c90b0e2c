//! Why an engine gave no answer, by what follows from it.

use std::time::Duration;

/// What kind of failure it was. Each decides whether the same engine is tried again, whether it counts
/// against the engine, and what a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// It took longer than it may.
    Timeout,
    /// It does not take this request, or we do not make it: a wrong parameter, an address that is not allowed,
    /// an engine that is not configured.
    Refused,
    /// The key is wrong, expired or has no right.
    Auth,
    /// It is busy with this conversation or overloaded for a moment.
    Busy,
    /// Too many requests in a short time.
    RateLimited,
    /// The account has nothing left to spend.
    Quota,
    /// The answer ended before its end, or what came is no answer.
    BrokenStream,
    /// Its filter takes offence at the question or at its own answer.
    Content,
    /// Nobody answers there, or the service says that it failed.
    Unavailable,
    /// Anything else.
    Unknown,
}

impl ErrorClass {
    /// All, for tables and tests.
    pub const ALL: [Self; 10] = [
        Self::Timeout,
        Self::Refused,
        Self::Auth,
        Self::Busy,
        Self::RateLimited,
        Self::Quota,
        Self::BrokenStream,
        Self::Content,
        Self::Unavailable,
        Self::Unknown,
    ];

    /// The stable word, for logs, figures and machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::Auth => "auth",
            Self::Busy => "busy",
            Self::RateLimited => "rate_limited",
            Self::Quota => "quota",
            Self::BrokenStream => "broken_stream",
            Self::Content => "content",
            Self::Unavailable => "unavailable",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the same engine may be asked the same once more while nothing of an answer has come. After a
    /// time-out it may not: the run may still be paid for there.
    pub fn may_retry(self) -> bool {
        matches!(self, Self::Busy | Self::RateLimited | Self::Unavailable)
    }

    /// Whether it speaks against the engine, not against the question: enough of them in a row and the engine is
    /// left alone for a while.
    pub fn is_the_engines(self) -> bool {
        !matches!(self, Self::Refused | Self::Content | Self::Busy)
    }
}

impl std::fmt::Display for ErrorClass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why an engine gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({class})")]
pub struct EngineError {
    /// What follows from it.
    pub class: ErrorClass,
    /// In our words, also for the log: never a secret, never what the visitor wrote.
    pub message: String,
    /// What the service says itself: for people, not for the log, since it may quote the visitor. May be empty.
    pub said: String,
    /// When the engine asks to be asked again.
    pub retry_after: Option<Duration>,
}

impl EngineError {
    /// A failure of this class.
    pub fn new(class: ErrorClass, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), said: String::new(), retry_after: None }
    }

    /// It did not answer in time.
    pub fn timed_out(what: &str, after: Duration) -> Self {
        Self::new(ErrorClass::Timeout, format!("{what}: nothing within {} s", after.as_secs_f64()))
    }

    /// The same, with what the service says itself.
    #[must_use]
    pub fn quoting(mut self, said: impl Into<String>) -> Self {
        self.said = said.into();
        self
    }

    /// All of it, for people of the tenant.
    pub fn in_full(&self) -> String {
        if self.said.is_empty() {
            self.to_string()
        } else {
            format!("{}: {} ({})", self.message, self.said, self.class)
        }
    }

    /// The same, with the engine's wish when to be asked again.
    #[must_use]
    pub fn again_after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }
}
