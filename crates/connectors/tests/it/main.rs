//! The engines against services on loopback that behave and misbehave as the real ones do.
#![expect(clippy::unwrap_used, reason = "test code")]

mod client;
mod coze;
mod dify;
mod fake;
mod fastgpt;
mod http_nlp;
mod openai;
