//! The subcommands, one module each: options, and a `run` that calls the library and prints what came of it.

pub(crate) mod analyze;
pub(crate) mod compile;
pub(crate) mod completions;
pub(crate) mod man;
pub(crate) mod networks;
pub(crate) mod phantom;
#[cfg(feature = "remote-server")]
pub(crate) mod serve;
