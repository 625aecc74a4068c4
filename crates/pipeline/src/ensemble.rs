//! One network or several for one task, and how often each looks.

use burn::prelude::Device;
use pulmo_core::{ModelIdentity, Sha256Hasher};
use pulmo_imaging::{ChestXray, Mask, ProbabilityMap};
use pulmo_segmentation::{ModelFolder, Scheme};

use crate::{Error, Network, Result, Segments, TestTimeFlip};

/// Networks for one task, such as those of the five folds, whose probabilities are averaged. Ours.
///
/// Mask threshold, flip, detection rule and gate are those of the first network's manifest.
#[derive(Debug)]
pub struct Ensemble<T: Segments> {
    first: Network<T>,
    others: Vec<Network<T>>,
    flip: TestTimeFlip,
}

impl<T: Segments> Ensemble<T> {
    /// Puts networks together.
    ///
    /// # Errors
    /// [`Error::NoNetworks`] without any, [`Error::MixedSchemes`] where one is parallel and another cascaded.
    pub fn new(networks: Vec<Network<T>>) -> Result<Self> {
        let mut networks = networks.into_iter();
        let first = networks.next().ok_or(Error::NoNetworks { task: T::TASK })?;
        let others: Vec<Network<T>> = networks.collect();
        let scheme = first.manifest().scheme;
        if let Some(other) = others.iter().find(|other| other.manifest().scheme != scheme) {
            let (name, found) = (other.manifest().name.clone(), other.manifest().scheme);
            return Err(Error::MixedSchemes { first: first.manifest().name.clone(), scheme, name, found });
        }
        let flip = TestTimeFlip::of(first.manifest());
        Ok(Self { first, others, flip })
    }

    /// Loads model folders onto `device`.
    ///
    /// # Errors
    /// As [`Network::load`] and [`new`](Self::new).
    pub fn load<'a>(folders: impl IntoIterator<Item = &'a ModelFolder>, device: &Device) -> Result<Self> {
        Self::new(folders.into_iter().map(|folder| Network::load(folder, device)).collect::<Result<_>>()?)
    }

    /// With or without a look at the mirrored X-ray, whatever the first network's manifest says.
    #[must_use]
    pub fn with_flip(self, flip: TestTimeFlip) -> Self {
        Self { flip, ..self }
    }

    /// The mean probability of lung or infection for every pixel, at the X-ray's own size, to which each network's map
    /// is interpolated.
    ///
    /// # Errors
    /// [`Error::Output`] where a network fails.
    pub fn probabilities(&self, xray: &ChestXray) -> Result<ProbabilityMap> {
        let (width, height) = (xray.width(), xray.height());
        let map = self.first.flipped_probabilities(xray, self.flip)?.resized(width, height);
        if self.others.is_empty() {
            return Ok(map);
        }
        let mut sums = map.values().to_vec();
        for network in &self.others {
            let map = network.flipped_probabilities(xray, self.flip)?.resized(width, height);
            sums.iter_mut().zip(map.values()).for_each(|(sum, value)| *sum += value);
        }
        let number = self.len() as f32;
        let means = sums.into_iter().map(|sum| (sum / number).clamp(0.0, 1.0)).collect();
        Ok(ProbabilityMap::new(width, height, means)?)
    }

    /// The mask where `probabilities` reach the first network's threshold.
    pub(crate) fn mask(&self, probabilities: &ProbabilityMap) -> Mask {
        self.first.mask(probabilities)
    }

    /// The network whose manifest says how the ensemble decides.
    pub fn first(&self) -> &Network<T> {
        &self.first
    }

    /// All networks.
    pub fn networks(&self) -> impl Iterator<Item = &Network<T>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Number of networks, at least 1.
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        1 + self.others.len()
    }

    /// What the networks see.
    pub fn scheme(&self) -> Scheme {
        self.first.manifest().scheme
    }

    /// Whether the mirrored X-ray is looked at too.
    pub fn flip(&self) -> TestTimeFlip {
        self.flip
    }

    /// The network's name, version and digest; of several, their number with the first one's name, and the SHA-256 of
    /// their digests one after the other.
    pub fn identity(&self) -> ModelIdentity {
        let first = self.first.identity().clone();
        if self.others.is_empty() {
            return first;
        }
        let mut hasher = Sha256Hasher::new();
        for network in self.networks() {
            hasher.update(network.identity().sha256.to_string());
        }
        ModelIdentity {
            name: format!("{} networks, first {}", self.others.len() + 1, first.name),
            version: first.version,
            sha256: hasher.finish(),
        }
    }
}

impl<T: Segments> From<Network<T>> for Ensemble<T> {
    fn from(network: Network<T>) -> Self {
        let flip = TestTimeFlip::of(network.manifest());
        Self { first: network, others: Vec::new(), flip }
    }
}
