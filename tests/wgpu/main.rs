//! The networks on wgpu: against segmentation_models.pytorch forward, and against the flex backend backward.
//!
//! Where there is no adapter the tests say so and pass. A driver in software is enough: Debian's mesa-vulkan-drivers.

#![cfg(all(feature = "wgpu", feature = "flex"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/parity.rs"]
mod parity;
#[path = "../support/mod.rs"]
mod support;

mod adapter;
mod networks;
mod operations;
