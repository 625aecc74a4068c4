//! The subcommands, one module each: options, and a `run` that calls the library and prints what came of it.

pub(crate) mod analyze;
pub(crate) mod annotate;
pub(crate) mod backend_check;
pub(crate) mod compile;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod cross_validate;
pub(crate) mod evaluate;
pub(crate) mod man;
pub(crate) mod measure;
pub(crate) mod networks;
pub(crate) mod phantom;
pub(crate) mod reproduce;
#[cfg(feature = "remote-server")]
pub(crate) mod serve;
pub(crate) mod severity;
pub(crate) mod train;
pub(crate) mod verify;
