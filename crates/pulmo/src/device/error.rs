//! What can go wrong with devices.

use super::{Backend, DeviceName};

/// Errors of devices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The backend is none of Pulmo's.
    #[error("unknown device '{name}'; known are {}", Backend::names(Backend::ALL))]
    UnknownBackend {
        /// What was asked for.
        name: String,
    },
    /// What stands behind the colon is not an index.
    #[error("device '{name}' has no index behind its colon; write {backend} or, say, {backend}:1")]
    Index {
        /// What was asked for.
        name: String,
        /// The part before the colon.
        backend: Backend,
    },
    /// The backend has one device only, so that an index says nothing.
    #[error("device '{backend}' takes no index, there is only one; write {backend}")]
    NoIndex {
        /// Which backend.
        backend: Backend,
    },
    /// What stands behind `remote:` is no address of a server.
    #[error(
        "'{address}' is no address of a server; write its host and port, and a device's index where it lends several: \
         remote:gpu-machine:3000 or remote:gpu-machine:3000/1"
    )]
    ServerAddress {
        /// What was given.
        address: String,
    },
    /// The backend was left out of this build.
    #[error(
        "device '{backend}' is not in this build, which has {}; build with --features {backend}",
        Backend::names(Backend::compiled_in())
    )]
    NotCompiledIn {
        /// Which backend.
        backend: Backend,
    },
    /// The machine has no device that the backend could use.
    #[error("no device for '{backend}' found on this machine: {}; or use another device", backend.needs())]
    NotFound {
        /// Which backend.
        backend: Backend,
    },
    /// The backend has devices, but not as many.
    #[error("there is no device '{device}': '{}' has {count} here, counted from 0", device.backend())]
    NoSuchIndex {
        /// What was asked for.
        device: DeviceName,
        /// How many there are.
        count: usize,
    },
    /// The device is there but cannot be used.
    #[error(
        "device '{device}' cannot be opened: {reason}; {}",
        match device.server() {
            Some(_) => "see that its server runs and that both are built with one version of Burn",
            None => "update its driver or use another device",
        }
    )]
    Unusable {
        /// What was asked for.
        device: DeviceName,
        /// What the backend says.
        reason: String,
    },
}

/// Results about devices.
pub type Result<T> = std::result::Result<T, Error>;
