//! Which masks a case must have.

use pulmo_core::Task;

use crate::index::Index;

/// The tasks whose masks every case must have.
///
/// ```
/// use pulmo_data::{Needs, Task};
///
/// let needs = Needs::from(Task::Infection).with(Task::Lung);
/// assert_eq!(needs, Needs::BOTH);
/// assert!(!Needs::NONE.includes(Task::Lung));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Needs {
    lung: bool,
    infection: bool,
}

impl Needs {
    /// No mask, as for X-rays that are only looked at.
    pub const NONE: Self = Self { lung: false, infection: false };
    /// Lung and infection mask, as for joint segmentation.
    pub const BOTH: Self = Self { lung: true, infection: true };
    /// Lung mask alone, as in the lung-segmentation part.
    pub const LUNG: Self = Self { lung: true, infection: false };
    /// Infection mask alone.
    pub const INFECTION: Self = Self { lung: false, infection: true };

    /// The masks that any case has, so that cases which lack them are found.
    #[must_use]
    pub fn of(index: &Index) -> Self {
        let any = |task| index.cases().iter().any(|case| case.mask(task).is_some());
        Self { lung: any(Task::Lung), infection: any(Task::Infection) }
    }

    /// That of `task` too.
    #[must_use]
    pub const fn with(self, task: Task) -> Self {
        match task {
            Task::Lung => Self { lung: true, ..self },
            Task::Infection => Self { infection: true, ..self },
        }
    }

    /// Whether every case must have the mask of `task`.
    #[must_use]
    pub const fn includes(self, task: Task) -> bool {
        match task {
            Task::Lung => self.lung,
            Task::Infection => self.infection,
        }
    }

    pub(crate) fn tasks(self) -> impl Iterator<Item = Task> {
        Task::ALL.into_iter().filter(move |task| self.includes(*task))
    }
}

impl From<Task> for Needs {
    /// The mask that a network of this task learns from and is tested on.
    fn from(task: Task) -> Self {
        Self::NONE.with(task)
    }
}
