//! What was promised and what was seen, and the judge of both. Shares nothing with the server.

pub(crate) mod checker;
pub(crate) mod history;
pub(crate) mod ledger;
pub(crate) mod verdict;
