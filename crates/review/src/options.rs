//! Where and to whom the page is served.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use pulmo_annotation::Reviewer;
use pulmo_core::Sha256Digest;

use crate::error::{Error, Result};

/// Fewest characters of a token: of 64 signs, 22 make 128 bits.
pub const MIN_TOKEN: usize = 22;

/// A secret that guards every request.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Checks a token.
    ///
    /// # Errors
    /// [`Error::WeakToken`] for fewer than [`MIN_TOKEN`] characters, or others than letters, digits, `-` and `_`.
    pub fn new(token: impl Into<String>) -> Result<Self> {
        let token = token.into();
        let plain = token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        if plain && token.len() >= MIN_TOKEN {
            Ok(Self(token))
        } else {
            Err(Error::WeakToken { length: token.len() })
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares hashes, so that the time it takes tells nothing of the token.
    pub(crate) fn is(&self, offered: &str) -> bool {
        Sha256Digest::of(&self.0) == Sha256Digest::of(offered)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Where the page is served, and to whom.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    pub(crate) address: SocketAddr,
    pub(crate) token: Option<Token>,
    pub(crate) hosts: Vec<String>,
    pub(crate) reviewer: Option<Reviewer>,
}

impl ServerOptions {
    /// To this machine alone; port 0 takes a free one.
    #[must_use]
    pub fn loopback(port: u16) -> Self {
        Self::at(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
    }

    /// On any address; one that other machines reach needs a token.
    #[must_use]
    pub fn at(address: SocketAddr) -> Self {
        Self { address, token: None, hosts: Vec::new(), reviewer: None }
    }

    /// Guarded by a token, which the browser gets with the first address it opens.
    #[must_use]
    pub fn with_token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// Served under a host name too, such as that of a proxy, which others reach: it needs a token. IP addresses and
    /// localhost need no name.
    ///
    /// # Errors
    /// [`Error::Host`].
    pub fn with_host(mut self, host: impl Into<String>) -> Result<Self> {
        let host = host.into().to_ascii_lowercase();
        let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
        if host.is_empty() || !plain {
            return Err(Error::Host { host });
        }
        self.hosts.push(host);
        Ok(self)
    }

    /// Everything is decided in this name; without one, the page asks each browser.
    #[must_use]
    pub fn with_reviewer(mut self, reviewer: Reviewer) -> Self {
        self.reviewer = Some(reviewer);
        self
    }

    pub(crate) fn validate(&self) -> Result<()> {
        if !self.address.ip().is_loopback() && self.token.is_none() {
            return Err(Error::TokenNeeded { address: self.address });
        }
        if let (Some(host), None) = (self.hosts.first(), &self.token) {
            return Err(Error::TokenNeededForHost { host: host.clone() });
        }
        Ok(())
    }
}
