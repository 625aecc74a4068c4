//! Operations on blocked maps against plain references in double precision, for every instruction set of this
//! machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod conv;
mod depthwise;
mod operations;
mod refusals;
mod support;
