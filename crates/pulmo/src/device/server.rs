//! Devices that another machine lends.

use std::fmt;
use std::str::FromStr;

use burn::tensor::Device;

use super::{Error, Result};

/// The environment variable with the token that a server asks for.
pub const TOKEN_VARIABLE: &str = "PULMO_REMOTE_TOKEN";

/// Host and port of a server that lends its devices, such as `pulmo serve`: `gpu-machine:3000`, `[::1]:3000`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServerAddress(String);

impl ServerAddress {
    /// Opens a session with the device of that index; the inner error says why there is none.
    ///
    /// # Errors
    /// [`Error::NotCompiledIn`].
    #[cfg(feature = "remote")]
    pub(super) fn connect(&self, index: usize) -> Result<std::result::Result<Device, String>> {
        let host = burn::remote::RemoteHost::websocket(&format!("ws://{}", self.0));
        let host = match std::env::var(TOKEN_VARIABLE) {
            Ok(token) => host.with_credential(token),
            Err(_) => host,
        };
        let device = Device::remote_options(&host).device_index(index).init();
        Ok(device.map_err(|error| error.to_string()))
    }

    /// Refuses, since this build cannot.
    ///
    /// # Errors
    /// [`Error::NotCompiledIn`].
    #[cfg(not(feature = "remote"))]
    pub(super) fn connect(&self, _index: usize) -> Result<std::result::Result<Device, String>> {
        Err(Error::NotCompiledIn { backend: super::Backend::Remote })
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for ServerAddress {
    type Err = Error;

    /// # Errors
    /// [`Error::ServerAddress`] where it is not a host, a colon and a port.
    fn from_str(address: &str) -> Result<Self> {
        let known = address.rsplit_once(':').is_some_and(|(host, port)| {
            let bracketed = host.starts_with('[') && host.ends_with(']');
            let host_is_one = !host.is_empty() && (bracketed || !host.contains(':'));
            let plain = !host.contains(|c: char| c.is_whitespace() || "/?#@".contains(c));
            host_is_one && plain && port.parse::<u16>().is_ok_and(|port| port > 0)
        });
        if known {
            Ok(Self(address.to_owned()))
        } else {
            Err(Error::ServerAddress { address: address.to_owned() })
        }
    }
}
