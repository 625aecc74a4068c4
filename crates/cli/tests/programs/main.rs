//! The program `pulmo`, run as a user runs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod analyze;
mod annotate;
mod backend_check;
mod compile;
mod console;
mod convert;
mod evaluate;
mod help;
mod loss_curve;
mod measure;
mod networks;
mod phantom;
mod phantoms;
mod run;
mod severity;
#[cfg(unix)]
mod stop;
mod study;
mod train;
mod verify;
