use pulmo_core::ModelIdentity;
use serde::{Deserialize, Serialize};

/// The two networks behind a report.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Models {
    /// The network that segmented the lungs.
    pub lung: ModelIdentity,
    /// The network that segmented the infection.
    pub infection: ModelIdentity,
}
