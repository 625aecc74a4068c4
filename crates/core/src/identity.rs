use serde::{Deserialize, Serialize};

use crate::Sha256Digest;

/// Which trained network made a mask.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModelIdentity {
    /// The network's name, for instance `fpn-resnet18`.
    pub name: String,
    /// The version of its weights.
    pub version: String,
    /// The digest of its weights file.
    pub sha256: Sha256Digest,
}
