//! Which masks a task needs.

use crate::error::MaskKind;
use crate::index::Index;

/// Which masks a task needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Needs {
    /// Whether every case must have a lung mask.
    pub lung: bool,
    /// Whether every case must have an infection mask.
    pub infection: bool,
}

impl Needs {
    /// Lung and infection mask, as for joint segmentation.
    pub const BOTH: Self = Self { lung: true, infection: true };

    /// Lung mask alone, as in the lung-segmentation part.
    pub const LUNG: Self = Self { lung: true, infection: false };

    /// Infection mask alone.
    pub const INFECTION: Self = Self { lung: false, infection: true };

    /// The masks that any case has, so that cases which lack them are found.
    #[must_use]
    pub fn of(index: &Index) -> Self {
        let any = |kind| index.cases().iter().any(|case| case.mask(kind).is_some());
        Self { lung: any(MaskKind::Lung), infection: any(MaskKind::Infection) }
    }

    pub(crate) fn kinds(self) -> impl Iterator<Item = MaskKind> {
        [(self.lung, MaskKind::Lung), (self.infection, MaskKind::Infection)]
            .into_iter()
            .filter_map(|(needed, kind)| needed.then_some(kind))
    }
}
