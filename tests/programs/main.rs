//! The example programs, run as a user runs them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod analyze;
mod annotate;
mod backend_check;
mod compile;
mod convert;
mod evaluate;
mod measure;
mod networks;
mod phantoms;
mod run;
mod severity;
mod study;
mod train;
mod verify;
