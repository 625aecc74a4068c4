//! The program `pulmo`, run as a user runs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod analyze;
mod compile;
mod console;
mod help;
mod networks;
mod phantom;
#[allow(dead_code, reason = "for the subcommands that train")]
mod phantoms;
#[allow(dead_code, reason = "for the subcommands that train")]
mod run;
#[cfg(unix)]
mod stop;
