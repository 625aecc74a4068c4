//! The example programs, run as a user runs them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod annotate;
mod backend_check;
mod convert;
mod evaluate;
mod measure;
#[path = "../../crates/cli/tests/programs/phantoms.rs"]
mod phantoms;
mod run;
mod severity;
mod study;
mod train;
mod verify;
