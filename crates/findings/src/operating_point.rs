//! What a detection threshold is chosen for.

use serde::Serialize;

use crate::Percent;

/// What a detection threshold is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatingPoint {
    /// The largest Youden's J, sensitivity + specificity - 1 (Youden 1950): misses and false alarms count alike.
    #[default]
    Youden,
    /// The middle of all thresholds at which sensitivity and specificity are both at least this: for use where both have
    /// to reach it on other cases too, with as much room on either side as these cases give.
    BothReach {
        /// The least sensitivity and specificity.
        least: Percent,
    },
    /// The highest sensitivity whose specificity is at least this: for use where a miss is worse, as the paper has it,
    /// for which sensitivity is the primary metric.
    SensitiveAt {
        /// The least specificity.
        specificity: Percent,
    },
}
