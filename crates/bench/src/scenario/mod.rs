//! What is measured, one file each.

pub(crate) mod ai;
pub(crate) mod asking;
pub(crate) mod broadcast;
pub(crate) mod chat;
pub(crate) mod client;
pub(crate) mod crash;
pub(crate) mod desk;
pub(crate) mod durable;
pub(crate) mod echo;
pub(crate) mod floor;
pub(crate) mod gate;
pub(crate) mod http;
pub(crate) mod idle;
pub(crate) mod measure;
pub(crate) mod slow;
pub(crate) mod soak;
pub(crate) mod storm;
pub(crate) mod survivor;
