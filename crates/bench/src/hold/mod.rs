//! Held connections: visitors in processes of their own, since one process may open only so many files.

pub(crate) mod fleet;
pub(crate) mod holder;
pub(crate) mod member;
pub(crate) mod orders;
pub(crate) mod worker;
