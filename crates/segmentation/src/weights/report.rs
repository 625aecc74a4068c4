//! What became of each tensor of a state dict.

use std::fmt;

/// How many keys of a list an error message names.
const NAMED_KEYS: usize = 5;

/// A tensor whose shape is not the network's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeMismatch {
    /// The key.
    pub key: String,
    /// The network's shape.
    pub expected: Vec<usize>,
    /// The shape in the file.
    pub found: Vec<usize>,
}

impl fmt::Display for ShapeMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?} in the file, {:?} in the network)", self.key, self.found, self.expected)
    }
}

/// The result of loading a state dict into a network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// Keys whose values are in the network now.
    pub applied: Vec<String>,
    /// Keys of the network that the file does not have.
    pub missing: Vec<String>,
    /// Keys of the file that the network does not have.
    pub unused: Vec<String>,
    /// Keys whose shapes differ; the network keeps its own values there.
    pub mismatched: Vec<ShapeMismatch>,
}

impl LoadReport {
    /// Whether every tensor of the network was found and every tensor of the file was used.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.unused.is_empty() && self.mismatched.is_empty()
    }
}

impl fmt::Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} applied", self.applied.len())?;
        let mismatched: Vec<String> = self.mismatched.iter().map(ToString::to_string).collect();
        for (label, keys) in
            [("missing", &self.missing), ("unused", &self.unused), ("mis-shaped", &mismatched)]
        {
            if keys.is_empty() {
                continue;
            }
            let named: Vec<&str> = keys.iter().take(NAMED_KEYS).map(String::as_str).collect();
            let more = if keys.len() > NAMED_KEYS { ", ..." } else { "" };
            write!(f, "; {} {label}: {}{more}", keys.len(), named.join(", "))?;
        }
        Ok(())
    }
}
