//! The project that all requests share, and who looks at which image.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pulmo_annotation::{Project, Reviewer};

/// How long an image that was handed to one reviewer is not handed to another.
pub const LEASE: Duration = Duration::from_secs(600);

/// What the handlers work on.
#[derive(Debug)]
pub(crate) struct Desk {
    project: Mutex<Project>,
    leases: Mutex<HashMap<usize, (Reviewer, Instant)>>,
    reviewer: Option<Reviewer>,
}

impl Desk {
    pub(crate) fn new(project: Project, reviewer: Option<Reviewer>) -> Self {
        Self { project: Mutex::new(project), leases: Mutex::default(), reviewer }
    }

    /// The project with all that others have done.
    pub(crate) fn project(&self) -> pulmo_annotation::Result<MutexGuard<'_, Project>> {
        let mut project = self.project.lock().unwrap_or_else(PoisonError::into_inner);
        project.refresh()?;
        Ok(project)
    }

    /// In whose name everything is decided, if the server was told.
    pub(crate) fn reviewer(&self) -> Option<&Reviewer> {
        self.reviewer.as_ref()
    }

    /// The first `count` of `places` that nobody else looks at, from now on in the reviewer's hands.
    pub(crate) fn lease(
        &self,
        places: impl Iterator<Item = usize>,
        by: &Reviewer,
        count: usize,
    ) -> Vec<usize> {
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        leases.retain(|_, (_, since)| now.duration_since(*since) < LEASE);
        let free = places.filter(|place| leases.get(place).is_none_or(|(holder, _)| holder == by));
        let taken: Vec<usize> = free.take(count).collect();
        for &place in &taken {
            leases.insert(place, (by.clone(), now));
        }
        taken
    }

    /// The image is decided; nobody looks at it any more.
    pub(crate) fn release(&self, place: usize) {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner).remove(&place);
    }
}
