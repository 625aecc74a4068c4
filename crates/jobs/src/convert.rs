//! Weights from files into networks, and from model folders into files and other model folders.

use std::fmt;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use pulmo_segmentation::weights::{
    LoadReport, Precision, Strictness, collect, load, load_encoder, mean, read, write_safetensors,
};
use pulmo_segmentation::{ModelFolder, ModelManifest, SegmentationConfig, SegmentationModel, Task};
use serde::Serialize;

use crate::{Error, Result};

/// The ending of files that are written.
const ENDING: &str = "safetensors";
/// Version that is written into a model folder.
const MODEL_VERSION: &str = "1";

/// A file of weights, and the network that they are of, which the file does not say.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WeightFile {
    /// State dict (.pth, .pt, .bin or .safetensors) with SMP's key names.
    pub path: PathBuf,
    /// The network.
    pub network: SegmentationConfig,
    /// The weights are an ImageNet classifier's, with torchvision's or timm's key names; decoder and head are drawn.
    pub classifier: bool,
    /// Whether all weights have to be there; what is missing is drawn.
    pub strictness: Strictness,
    /// Seed of what is drawn.
    pub seed: u64,
}

impl WeightFile {
    /// The weights of a whole network, all of which have to be there.
    pub fn new(path: impl Into<PathBuf>, network: SegmentationConfig) -> Self {
        Self { path: path.into(), network, classifier: false, strictness: Strictness::Strict, seed: 0 }
    }

    /// Builds the network on `device` with the weights in it, and says what was loaded.
    ///
    /// # Errors
    /// Where the file cannot be read or holds NaN, or [`strictness`](Self::strictness) is not met.
    pub fn load(&self, device: &Device) -> Result<(SegmentationModel, LoadReport)> {
        let dict = read(&self.path)?;
        device.seed(self.seed);
        let model = self.network.init(device)?;
        Ok(match self.classifier {
            true => load_encoder(model, dict, self.strictness)?,
            false => load(model, &dict, self.strictness)?,
        })
    }
}

/// What was written from what; its `Display` is a line for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Converted {
    /// The weights that were read: what was loaded of a file, or the models.
    pub read: String,
    /// The file or folder that was written.
    pub out: PathBuf,
    /// What it holds.
    pub written: String,
}

impl fmt::Display for Converted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.read, self.written)
    }
}

/// Writes the weights of a file into a safetensors file with SMP's key names, which PyTorch loads strictly.
///
/// # Errors
/// [`Error::Ending`], and as [`WeightFile::load`].
pub fn file_to_file(
    file: &WeightFile,
    out: &Path,
    precision: Precision,
    device: &Device,
) -> Result<Converted> {
    check_file(out)?;
    let (model, report) = file.load(device)?;
    write_file(&model, report.to_string(), out, precision)
}

/// Writes the weights of a file into a model folder for `task`, whose input has a side of `size` pixels.
///
/// # Errors
/// [`Error::HoldsModel`], as [`WeightFile::load`], and where `size` does not fit the network.
pub fn file_to_model(
    file: &WeightFile,
    task: Task,
    size: usize,
    out: &Path,
    precision: Precision,
    device: &Device,
) -> Result<Converted> {
    check_folder(out)?;
    let (model, report) = file.load(device)?;
    file.network.check_input(size, size)?;
    let name = format!("{task}-{}", file.network);
    let card = format!("# {name}\n\nConverted by Pulmo from `{}`.\n", last_part(&file.path));
    let manifest = ModelManifest::new(&name, MODEL_VERSION, task, file.network.clone(), size);
    ModelFolder::pack(manifest, &model, precision)?.save(out, &card)?;
    let written = format!("model folder {}", out.display());
    Ok(Converted { read: report.to_string(), out: out.into(), written })
}

/// Writes the weights of a model folder into a safetensors file with SMP's key names, which PyTorch loads strictly.
///
/// # Errors
/// [`Error::Ending`], and where the folder cannot be read.
pub fn model_to_file(folder: &Path, out: &Path, precision: Precision, device: &Device) -> Result<Converted> {
    check_file(out)?;
    let folder = ModelFolder::open(folder)?;
    write_file(&folder.model(device)?, read_line(folder.manifest()), out, precision)
}

/// Writes the mean of the weights of one or more model folders of one network and task, in another precision, as a model
/// folder. It has no decision, which belongs to the weights that it was calibrated with.
///
/// # Errors
/// [`Error::NothingToAverage`], [`Error::HoldsModel`], [`Error::OtherTask`], and where the networks are not the same.
pub fn models_to_model(
    folders: &[PathBuf],
    out: &Path,
    precision: Precision,
    device: &Device,
) -> Result<Converted> {
    check_folder(out)?;
    let (first, others) = folders.split_first().ok_or(Error::NothingToAverage)?;
    let first = ModelFolder::open(first)?;
    let mut dicts = vec![first.state_dict()?];
    for path in others {
        let other = ModelFolder::open(path)?;
        let (expected, found) = (first.manifest().task, other.manifest().task);
        if found != expected {
            return Err(Error::OtherTask { path: path.clone(), found, expected });
        }
        dicts.push(other.state_dict()?);
    }
    let network = first.manifest().network.init(device)?;
    let (model, _) = load(network, &mean(&dicts)?, Strictness::Strict)?;
    let manifest = ModelManifest { decision: None, ..first.manifest().clone() };
    let sources: Vec<String> = folders.iter().map(|path| format!("`{}`", last_part(path))).collect();
    let mean_of = if dicts.len() > 1 { "mean of the " } else { "" };
    let what = format!("{mean_of}weights in {}", sources.join(", "));
    let card = format!("# {}\n\nThe {what}, stored in {precision} precision by Pulmo.\n", manifest.name);
    ModelFolder::pack(manifest, &model, precision)?.save(out, &card)?;
    let written = format!("model folder {}, {what}, {precision} precision", out.display());
    Ok(Converted { read: read_line(first.manifest()), out: out.into(), written })
}

fn write_file(
    model: &SegmentationModel,
    read: String,
    out: &Path,
    precision: Precision,
) -> Result<Converted> {
    let dict = collect(model)?;
    write_safetensors(out, &dict, precision)?;
    let written = format!("{} tensors in {}", dict.len(), out.display());
    Ok(Converted { read, out: out.into(), written })
}

fn read_line(manifest: &ModelManifest) -> String {
    format!("{} {}: {}", manifest.name, manifest.version, manifest.network)
}

/// The name of a file or folder without those that it lies in.
fn last_part(path: &Path) -> std::path::Display<'_> {
    path.file_name().map(Path::new).unwrap_or(path).display()
}

/// Whether a path is named as a safetensors file.
#[must_use]
pub fn is_file_name(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == ENDING)
}

fn check_file(out: &Path) -> Result<()> {
    if is_file_name(out) {
        return Ok(());
    }
    Err(Error::Ending { named: out.with_extension(ENDING) })
}

/// Refuses to write over a model.
fn check_folder(out: &Path) -> Result<()> {
    match ModelFolder::open(out) {
        Ok(_) => Err(Error::HoldsModel { path: out.into() }),
        Err(_) => Ok(()),
    }
}
