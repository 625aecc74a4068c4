//! Stage IV: doctors verify a stratified sample, which becomes the test set.

use crate::error::{Error, Result};
use crate::event::Event;
use crate::name::Reviewer;
use crate::project::Project;
use crate::sample::stratified;
use crate::state::Phase;

/// Stage IV of a project.
#[derive(Debug)]
pub struct StageFour<'p> {
    pub(super) project: &'p mut Project,
    pub(super) by: Reviewer,
}

impl StageFour<'_> {
    /// Whether the sample is drawn.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        self.project.state().phase() == Phase::Verification
    }

    /// Draws the sample and gives its size. It is stratified over class, resolution, quality and signal-to-noise
    /// ratio, as the paper's; how these three are cut into strata is ours (see [`strata`](crate::strata)).
    ///
    /// # Errors
    /// The sample is drawn already, or no image has a mask.
    pub fn draw(&mut self) -> Result<usize> {
        if self.project.state().masks().is_empty() {
            return Err(Error::out_of_order(
                "every image was excluded, so there is nothing to verify; make a new project of other images",
            ));
        }
        let spec = self.project.config().spec();
        let drawn = stratified(self.project, spec.verification_share, spec.seed);
        let images = drawn.iter().filter_map(|&place| self.project.images().get(place));
        let images: Vec<_> = images.map(|image| image.id.clone()).collect();
        let size = images.len();
        self.project.record(&self.by, Event::SampleDrawn { images })?;
        Ok(size)
    }

    /// Ends the project, once every image of the sample is verified.
    ///
    /// # Errors
    /// Images of the sample wait.
    pub fn complete(self) -> Result<()> {
        self.project.record(&self.by, Event::Completed {}).map(|_| ())
    }
}
