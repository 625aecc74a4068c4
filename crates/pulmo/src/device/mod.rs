//! Devices by name, for programs that let their users choose.
//!
//! A [`DeviceName`] is a [`Backend`] and, where a machine has several devices, an index: `flex`, `wgpu`, `cuda:1`.
//! Parsing refuses what this build does not have, and [`DeviceName::open`] what this machine does not have, so that a
//! missing driver is an [`Error`] and not a panic in the middle of a computation. A device of another
//! machine bears its server's address: `remote:gpu-machine:3000`.
//!
//! ```
//! use pulmo::device::{Backend, DeviceName};
//!
//! # #[cfg(feature = "flex")] {
//! let name: DeviceName = "flex".parse()?;
//! assert_eq!(name.backend(), Backend::Flex);
//! let device = name.open()?;
//! # }
//! # Ok::<(), pulmo::device::Error>(())
//! ```

mod backend;
mod error;
mod hardware;
mod name;
mod server;

pub use backend::Backend;
pub use error::{Error, Result};
pub use hardware::hardware;
pub use name::DeviceName;
pub use server::{ServerAddress, TOKEN_VARIABLE};
