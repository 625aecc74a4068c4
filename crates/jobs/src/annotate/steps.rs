//! A new project, and the steps that networks take between reviews.

use std::fmt;
use std::path::Path;

use pulmo_annotation::{NewImage, NewSeed, Project, ProjectConfig, ProjectSpec, Proposer, Reviewer, Step};

use crate::progress::{count, say};
use crate::{Observer, Result};

/// Makes a project in `folder`, as [`Project::create`].
///
/// # Errors
/// As [`ProjectConfig::new`] and [`Project::create`].
pub fn create(
    folder: &Path,
    spec: ProjectSpec,
    images: &[NewImage],
    seeds: &[NewSeed],
    by: &Reviewer,
    observer: &Observer<'_>,
) -> Result<Project> {
    let config = ProjectConfig::new(spec)?;
    let told = |done, total| count(observer, "measuring", done, total);
    Ok(Project::create(folder, config, images, seeds, by, &told)?)
}

/// Why the networks' steps ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advanced {
    /// So many images wait for people.
    Waiting(usize),
    /// Nothing is left to do.
    Complete,
}

impl fmt::Display for Advanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting(images) => {
                write!(f, "{images} images wait for people; review them, then `advance` again")
            }
            Self::Complete => f.write_str("the project is complete; `export` writes the data set"),
        }
    }
}

/// Lets the networks take one step after another until people are needed or nothing is left.
///
/// # Errors
/// As [`Project::advance`].
pub fn advance<P: Proposer>(
    project: &mut Project,
    proposer: &mut P,
    by: &Reviewer,
    observer: &Observer<'_>,
) -> Result<Advanced> {
    loop {
        match step(project, proposer, by, observer)? {
            Step::Waiting(images) => return Ok(Advanced::Waiting(images)),
            Step::Finished => return Ok(Advanced::Complete),
            step => tell(project, step, observer),
        }
    }
}

/// One step, with its progress told.
pub(super) fn step<P: Proposer>(
    project: &mut Project,
    proposer: &mut P,
    by: &Reviewer,
    observer: &Observer<'_>,
) -> Result<Step> {
    Ok(project.advance(by, proposer, &mut |progress| {
        count(observer, &progress.work.to_string(), progress.done, progress.total);
    })?)
}

/// Tells what a step has brought.
pub(super) fn tell(project: &Project, step: Step, observer: &Observer<'_>) {
    let network = || project.state().segmenter().map(ToString::to_string).unwrap_or_default();
    let said = match step {
        Step::NetworkChosen => {
            for candidate in project.state().candidates() {
                say(observer, format!("{}: DSC {:.4} on held-out seeds", candidate.network, candidate.dsc));
            }
            format!("Stage I: {} is the segmentation network", network())
        }
        Step::BatchProposed(batch) => format!("Stage II: batch {batch} waits for review"),
        Step::Retrained(batch) => format!("Stage II: the network has learned from batch {batch}"),
        Step::PanelOpened => "Stage III: the panel is trained".to_owned(),
        Step::PanelProposed(images) => format!("Stage III: {images} images wait for a pick"),
        Step::PanelClosed => format!("Stage III: {} was picked most often", network()),
        Step::SampleDrawn(images) => format!("Stage IV: {images} masks wait to be verified"),
        Step::Completed => "Stage IV: the test set is verified".to_owned(),
        // Told by whoever stops there.
        Step::Waiting(_) | Step::Finished => return,
    };
    say(observer, said);
}
