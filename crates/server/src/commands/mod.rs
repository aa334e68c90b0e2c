//! Sub-commands beside `serve`, a file each.

pub(crate) mod knowledge;
