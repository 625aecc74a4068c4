//! Reading and writing model folders.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use burn::prelude::Device;
use pulmo_core::{ModelIdentity, Sha256Digest, files};

use super::ModelManifest;
use crate::weights::{self, Precision, StateDict, Strictness};
use crate::{Error, Result, SegmentationModel};

/// The configuration's file name.
const CONFIG: &str = "config.json";
/// The weights' file name.
const WEIGHTS: &str = "model.safetensors";
/// The model card's file name.
const CARD: &str = "README.md";

/// A checked model in memory: its manifest, its weights, and where they came from.
#[derive(Debug, Clone)]
pub struct ModelFolder {
    manifest: ModelManifest,
    weights: Cow<'static, [u8]>,
    origin: PathBuf,
}

impl ModelFolder {
    /// Reads a folder and checks version and checksum; the network is built by [`model`](Self::model).
    ///
    /// # Errors
    /// [`Error::Core`], [`Error::Manifest`], [`Error::SchemaVersion`], [`Error::Checksum`].
    pub fn open(folder: &Path) -> Result<Self> {
        let config = files::read(&folder.join(CONFIG))?;
        Self::from_parts(&String::from_utf8_lossy(&config), files::read(&folder.join(WEIGHTS))?, folder)
    }

    /// The same from the two files' contents; `origin` is what error messages name.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_parts(config: &str, weights: impl Into<Cow<'static, [u8]>>, origin: &Path) -> Result<Self> {
        let weights = weights.into();
        let manifest = ModelManifest::parse(config, &origin.join(CONFIG))?;
        let found = Sha256Digest::of(&weights);
        if Some(found) != manifest.sha256 {
            return Err(Error::Checksum { path: origin.join(WEIGHTS), found, expected: manifest.sha256 });
        }
        Ok(Self { manifest, weights, origin: origin.into() })
    }

    /// Takes the weights of `model` under `manifest`, whose checksum is filled in.
    ///
    /// # Errors
    /// [`Error::Device`] and [`Error::NotFinite`] where the weights cannot be kept.
    pub fn pack(
        mut manifest: ModelManifest,
        model: &SegmentationModel,
        precision: Precision,
    ) -> Result<Self> {
        let weights = weights::safetensors_bytes(&weights::collect(model)?, precision)?;
        manifest.sha256 = Some(Sha256Digest::of(&weights));
        Ok(Self { manifest, weights: weights.into(), origin: PathBuf::from("memory") })
    }

    /// Writes the folder with its model card. Each file is written beside and renamed, the configuration last, so
    /// that a folder that was there is replaced whole or refused by its checksum.
    ///
    /// # Errors
    /// [`Error::Core`] where the folder cannot be written.
    pub fn save(&self, folder: &Path, card: &str) -> Result<()> {
        files::create_folder(folder)?;
        files::write(&folder.join(CARD), card.as_bytes())?;
        files::write(&folder.join(WEIGHTS), &self.weights)?;
        self.save_config(folder)
    }

    /// Writes the configuration alone, into a folder that holds the weights already.
    ///
    /// # Errors
    /// [`Error::Core`] where the folder cannot be written.
    pub fn save_config(&self, folder: &Path) -> Result<()> {
        Ok(files::write_json(&folder.join(CONFIG), &self.manifest)?)
    }

    /// Builds the network on `device` and loads the weights strictly.
    ///
    /// # Errors
    /// [`Error::Mismatch`] where weights and configuration do not belong together.
    pub fn model(&self, device: &Device) -> Result<SegmentationModel> {
        let dict = self.state_dict()?;
        let (model, _) = weights::load(self.manifest.network.init(device)?, &dict, Strictness::Strict)?;
        Ok(model)
    }

    /// The weights as 32-bit numbers under SMP's keys, without batch counters.
    ///
    /// # Errors
    /// [`Error::WeightFile`] where they cannot be read, [`Error::NotFinite`].
    pub fn state_dict(&self) -> Result<StateDict> {
        weights::state_dict_from_safetensors(&self.weights, &self.origin.join(WEIGHTS))
    }

    /// What travels with the weights.
    pub fn manifest(&self) -> &ModelManifest {
        &self.manifest
    }

    /// Name, version and digest, as reports name the network.
    #[must_use]
    pub fn identity(&self) -> ModelIdentity {
        let ModelManifest { name, version, sha256, .. } = &self.manifest;
        // It was checked when the weights were read, and filled in when they were packed.
        let sha256 = sha256.unwrap_or_else(|| Sha256Digest::of(&self.weights));
        ModelIdentity { name: name.clone(), version: version.clone(), sha256 }
    }

    /// The same weights under a changed manifest; the checksum is kept.
    #[must_use]
    pub fn with_manifest(mut self, change: impl FnOnce(&mut ModelManifest)) -> Self {
        let sha256 = self.manifest.sha256;
        change(&mut self.manifest);
        self.manifest.sha256 = sha256;
        self
    }
}
