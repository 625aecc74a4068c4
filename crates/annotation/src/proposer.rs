//! Networks, as the loop sees them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use pulmo_imaging::Mask;
use pulmo_xray::xray_name;

use crate::error::{Error, Result};
use crate::name::ProposerName;

/// An X-ray with the mask to learn, both files in one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingPair {
    /// The X-ray's file.
    pub image: PathBuf,
    /// The mask's file.
    pub mask: PathBuf,
}

/// Trains networks and lets them propose; whoever runs the loop implements it.
///
/// The loop names networks and never sees one, so a proposer may keep them on a GPU, call another program, or read
/// masks that were made elsewhere ([`MaskFolders`]).
pub trait Proposer {
    /// Why a network could not be trained or did not propose.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Forgets what `network` has learned. The loop calls it before Stage I trains a candidate, so that candidates are
    /// compared from the same start even where an earlier comparison was interrupted.
    ///
    /// # Errors
    /// What was learned cannot be removed.
    fn forget(&mut self, network: &ProposerName) -> std::result::Result<(), Self::Error> {
        let _ = network;
        Ok(())
    }

    /// Trains `network` on `pairs`; its proposals are those of the newly trained network from here on.
    ///
    /// The loop may ask for the same training again after it was interrupted.
    ///
    /// # Errors
    /// The training failed.
    fn train(
        &mut self,
        network: &ProposerName,
        pairs: &[TrainingPair],
    ) -> std::result::Result<(), Self::Error>;

    /// The mask that `network` proposes for the X-ray in `image`, in the X-ray's own size.
    ///
    /// # Errors
    /// There is no proposal.
    fn propose(&mut self, network: &ProposerName, image: &Path) -> std::result::Result<Mask, Self::Error>;
}

/// Proposals that lie on disk: a folder of masks per network, each mask under its X-ray's file name with the ending
/// `.png`. Training does nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskFolders {
    folders: BTreeMap<ProposerName, PathBuf>,
}

impl MaskFolders {
    /// Proposals from these folders.
    ///
    /// # Errors
    /// One of them is no folder.
    pub fn new(folders: impl IntoIterator<Item = (ProposerName, PathBuf)>) -> Result<Self> {
        let folders: BTreeMap<ProposerName, PathBuf> = folders.into_iter().collect();
        for folder in folders.values() {
            std::fs::read_dir(folder).map_err(Error::file("list", folder))?;
        }
        Ok(Self { folders })
    }
}

/// Why a folder of masks has no proposal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoProposal {
    /// No folder was given for the network.
    #[error("no mask folder was given for it; give one")]
    NoFolder,
    /// The mask cannot be read.
    #[error(transparent)]
    Unreadable(#[from] pulmo_imaging::Error),
}

impl Proposer for MaskFolders {
    type Error = NoProposal;

    fn train(&mut self, network: &ProposerName, _: &[TrainingPair]) -> std::result::Result<(), NoProposal> {
        self.folders.get(network).map(|_| ()).ok_or(NoProposal::NoFolder)
    }

    fn propose(&mut self, network: &ProposerName, image: &Path) -> std::result::Result<Mask, NoProposal> {
        let folder = self.folders.get(network).ok_or(NoProposal::NoFolder)?;
        let mut name = xray_name(image).to_owned();
        name.push(".png");
        Ok(Mask::open_lossy(folder.join(name))?)
    }
}

/// What a step of the loop is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work<'a> {
    /// A network learns.
    Training(&'a ProposerName),
    /// A network is measured on seed masks.
    Comparing(&'a ProposerName),
    /// Candidate networks are asked where they disagree.
    Choosing,
    /// Networks propose.
    Proposing,
}

impl fmt::Display for Work<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Training(network) => write!(f, "training {network}"),
            Self::Comparing(network) => write!(f, "comparing {network}"),
            Self::Choosing => f.write_str("choosing"),
            Self::Proposing => f.write_str("proposing"),
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// With what.
    pub work: Work<'a>,
    /// Number done.
    pub done: usize,
    /// Number of all.
    pub total: usize,
}

/// A proposer that names the network in its errors and reports progress.
pub(crate) struct Desk<'d, P: Proposer> {
    proposer: &'d mut P,
    progress: &'d mut dyn FnMut(Progress<'_>),
}

impl<'d, P: Proposer> Desk<'d, P> {
    pub(crate) fn new(proposer: &'d mut P, progress: &'d mut dyn FnMut(Progress<'_>)) -> Self {
        Self { proposer, progress }
    }

    pub(crate) fn forget(&mut self, network: &ProposerName) -> Result<()> {
        self.proposer.forget(network).map_err(failed(network))
    }

    pub(crate) fn train(&mut self, network: &ProposerName, pairs: &[TrainingPair]) -> Result<()> {
        self.report(Work::Training(network), 0, pairs.len());
        self.proposer.train(network, pairs).map_err(failed(network))?;
        self.report(Work::Training(network), pairs.len(), pairs.len());
        Ok(())
    }

    pub(crate) fn propose(&mut self, network: &ProposerName, image: &Path) -> Result<Mask> {
        self.proposer.propose(network, image).map_err(failed(network))
    }

    pub(crate) fn report(&mut self, work: Work<'_>, done: usize, total: usize) {
        (self.progress)(Progress { work, done, total });
    }
}

fn failed<E: std::error::Error + Send + Sync + 'static>(network: &ProposerName) -> impl FnOnce(E) -> Error {
    let network = network.clone();
    move |error| Error::Proposer { network, reason: Box::new(error) }
}
