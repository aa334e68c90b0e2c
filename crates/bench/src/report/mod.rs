//! Results: as JSON, as a page, compared with earlier ones and with a baseline.

pub(crate) mod compare;
pub(crate) mod keep;
pub(crate) mod outcome;
pub(crate) mod page;
pub(crate) mod plot;
pub(crate) mod table;
