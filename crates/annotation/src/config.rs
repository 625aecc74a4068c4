//! What a project is set to do; fixed once it is made.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::name::{ProposerName, Reviewer};

/// Version of the project folder's layout that this crate writes and reads.
pub const SCHEMA_VERSION: u32 = 1;

/// Fewest and most networks that propose together in Stage III; the paper has six.
pub const PANEL_SIZES: std::ops::RangeInclusive<usize> = 3..=6;

/// Most candidate networks in Stage I; the paper has three.
pub const MAX_CANDIDATES: usize = 6;

/// Most images in a batch; the paper has 500.
pub const MAX_BATCH: usize = 10_000;

/// How the images of the next batch are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// At random, from the project's seed.
    #[default]
    Random,
    /// Those on which the candidate networks agree least: the mean of 1 - DSC over all pairs of them (ours).
    Disagreement,
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Random => "random",
            Self::Disagreement => "disagreement",
        })
    }
}

impl FromStr for Selection {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        [Self::Random, Self::Disagreement].into_iter().find(|selection| selection.to_string() == name).ok_or(
            Error::Config {
                what: "selection",
                value: name.to_owned(),
                requirement: "random or disagreement".to_owned(),
            },
        )
    }
}

/// The values of a project, checked by [`ProjectConfig::new`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectSpec {
    /// Version of the folder's layout.
    pub schema_version: u32,
    /// What the project is called.
    pub name: String,
    /// Stage I: networks trained on the seed masks, of which the best by DSC becomes the segmentation network.
    pub candidates: Vec<ProposerName>,
    /// Stage III: networks that propose together.
    pub panel: Vec<ProposerName>,
    /// Stage II: images in a batch.
    pub batch_size: usize,
    /// Stage II: share of all images that is annotated in batches, in (0, 1].
    pub batch_share: f64,
    /// Stage II: how a batch is chosen.
    pub selection: Selection,
    /// Stage IV: share of the masks that is verified and becomes the test set, in (0, 1).
    pub verification_share: f64,
    /// Seed of every random choice.
    pub seed: u64,
    /// Who may decide the doctor's queue and Stage IV; everybody where the list is empty.
    pub doctors: Vec<Reviewer>,
}

impl ProjectSpec {
    /// The paper's numbers (Tahir et al. 2021): batches of 500 over 10 % of the set, 20 % verified.
    #[must_use]
    pub fn new(name: impl Into<String>, candidates: Vec<ProposerName>, panel: Vec<ProposerName>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            name: name.into(),
            candidates,
            panel,
            batch_size: 500,
            batch_share: 0.1,
            selection: Selection::default(),
            verification_share: 0.2,
            seed: 0,
            doctors: Vec::new(),
        }
    }
}

/// A checked [`ProjectSpec`].
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectConfig(ProjectSpec);

impl ProjectConfig {
    /// Checks every value.
    ///
    /// # Errors
    /// [`Error::SchemaVersion`], or [`Error::Config`] with the value and what it has to be.
    pub fn new(spec: ProjectSpec) -> Result<Self> {
        if spec.schema_version != SCHEMA_VERSION {
            return Err(Error::SchemaVersion { found: spec.schema_version, supported: SCHEMA_VERSION });
        }
        if spec.name.trim().is_empty() || spec.name.chars().any(char::is_control) {
            return Err(refuse("name", &spec.name, "printable and not empty"));
        }
        distinct("candidates", &spec.candidates, &(1..=MAX_CANDIDATES))?;
        distinct("panel", &spec.panel, &PANEL_SIZES)?;
        if spec.selection == Selection::Disagreement && spec.candidates.len() < 2 {
            return Err(refuse("selection", "disagreement", "random where there is one candidate"));
        }
        if !(1..=MAX_BATCH).contains(&spec.batch_size) {
            return Err(refuse("batch_size", spec.batch_size, format!("1 to {MAX_BATCH}")));
        }
        if !(spec.batch_share > 0.0 && spec.batch_share <= 1.0) {
            return Err(refuse("batch_share", spec.batch_share, "above 0 and at most 1"));
        }
        if !(spec.verification_share > 0.0 && spec.verification_share < 1.0) {
            return Err(refuse("verification_share", spec.verification_share, "above 0 and below 1"));
        }
        Ok(Self(spec))
    }

    /// The values.
    #[must_use]
    pub fn spec(&self) -> &ProjectSpec {
        &self.0
    }

    /// How many of `images` are annotated in Stage II, at least one.
    #[must_use]
    pub fn batch_target(&self, images: usize) -> usize {
        ((images as f64 * self.0.batch_share).round() as usize).max(1)
    }

    /// Whether `reviewer` may decide where a doctor has to.
    #[must_use]
    pub fn is_doctor(&self, reviewer: &Reviewer) -> bool {
        self.0.doctors.is_empty() || self.0.doctors.contains(reviewer)
    }
}

fn distinct(
    what: &'static str,
    names: &[ProposerName],
    sizes: &std::ops::RangeInclusive<usize>,
) -> Result<()> {
    let listed = || names.iter().map(ProposerName::as_str).collect::<Vec<_>>().join(", ");
    let different: BTreeSet<&ProposerName> = names.iter().collect();
    if !sizes.contains(&names.len()) || different.len() != names.len() {
        let requirement = format!("{} to {} different networks", sizes.start(), sizes.end());
        return Err(refuse(what, listed(), requirement));
    }
    Ok(())
}

fn refuse(what: &'static str, value: impl ToString, requirement: impl Into<String>) -> Error {
    Error::Config { what, value: value.to_string(), requirement: requirement.into() }
}
