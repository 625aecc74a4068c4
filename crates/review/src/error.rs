use std::net::SocketAddr;

use crate::options::MIN_TOKEN;

/// Why a review server cannot be started or does not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be bound.
    #[error("cannot serve on {address}: {reason}; give another port, or end what listens there")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        reason: std::io::Error,
    },

    /// Anybody who reaches the address could decide.
    #[error("{address} can be reached from other machines; give a token that guards it, or bind 127.0.0.1")]
    TokenNeeded {
        /// The address.
        address: SocketAddr,
    },

    /// Anybody who reaches the host, such as a proxy's, could decide.
    #[error(
        "under the host name {host} the page can be reached from other machines; give a token that guards it"
    )]
    TokenNeededForHost {
        /// The host name.
        host: String,
    },

    /// A token that could be guessed or does not fit into an address.
    #[error(
        "a token needs at least {MIN_TOKEN} characters, letters, digits, - and _ alone; this one has {length}"
    )]
    WeakToken {
        /// Its length.
        length: usize,
    },

    /// A host name that no browser sends.
    #[error("'{host}' is no host name; give a name like review.example.org, without port")]
    Host {
        /// The refused name.
        host: String,
    },

    /// The server stopped.
    #[error("the server stopped: {reason}")]
    Stopped {
        /// What the system said.
        reason: std::io::Error,
    },
}

/// The crate's result.
pub type Result<T> = std::result::Result<T, Error>;
