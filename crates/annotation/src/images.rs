//! The project's images and seed masks: `images.csv` and `seeds.csv`, fixed once the project is made.

use std::path::{Path, PathBuf};

use pulmo_core::{Sha256Digest, files};
use pulmo_data::Class;
use pulmo_imaging::{ChestXray, Mask};
use pulmo_xray::XraySource;
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::name::ImageId;
use crate::proposer::TrainingPair;

/// Largest side of an image in pixels; a mask of that size still fits the review page's messages.
pub const MAX_IMAGE_SIDE: u32 = 4096;

/// An X-ray to make a mask of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImage {
    /// Its name.
    pub id: ImageId,
    /// Its diagnosis.
    pub class: Class,
    /// Its file.
    pub file: PathBuf,
}

/// An X-ray whose mask is known before the loop begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSeed {
    /// Its file.
    pub image: PathBuf,
    /// The mask's file, in the image's size: clear or set pixels alone, and some of them set.
    pub mask: PathBuf,
}

/// An image of the project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageRecord {
    /// Its name.
    pub id: ImageId,
    /// Its diagnosis.
    pub class: Class,
    /// Its file.
    pub file: PathBuf,
    /// Hash of the file.
    pub sha256: Sha256Digest,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How many warnings the image's quality gives.
    pub warnings: usize,
    /// Estimated signal-to-noise ratio; `None` where no noise is measurable.
    pub snr: Option<f64>,
}

/// A seed of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedRecord {
    /// The image's file.
    pub image: PathBuf,
    /// Hash of the image's file.
    pub image_sha256: Sha256Digest,
    /// The mask's file.
    pub mask: PathBuf,
    /// Hash of the mask's file.
    pub mask_sha256: Sha256Digest,
}

impl ImageRecord {
    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Reads the X-ray, if its file is still what was recorded.
    ///
    /// # Errors
    /// [`Error::Changed`], [`Error::Core`], or what decoding refuses.
    pub fn open(&self) -> Result<ChestXray> {
        self.check_file()?;
        Ok(XraySource::path(&self.file).read()?)
    }

    /// Refuses a file that is not what was recorded.
    pub(crate) fn check_file(&self) -> Result<()> {
        unchanged(&self.file, self.sha256)
    }

    pub(crate) fn check_mask(&self, mask: &Mask) -> Result<()> {
        check_size(self.id.as_str(), mask.size(), self.size())
    }

    fn measure(new: &NewImage) -> Result<Self> {
        let file = absolute(&new.file)?;
        let sha256 = Sha256Digest::of_file(&file)?;
        let xray = XraySource::path(&file).read()?;
        let (width, height) = (xray.width(), xray.height());
        if width.max(height) > MAX_IMAGE_SIDE {
            return Err(Error::ImageTooLarge { path: file, width, height, most: MAX_IMAGE_SIDE });
        }
        let warnings = xray.quality().warnings().len();
        let snr = xray.quality().snr();
        Ok(Self { id: new.id.clone(), class: new.class, file, sha256, width, height, warnings, snr })
    }
}

impl SeedRecord {
    fn measure(new: &NewSeed) -> Result<Self> {
        let (image, mask) = (absolute(&new.image)?, absolute(&new.mask)?);
        let hash = |path: &Path| Sha256Digest::of_file(path);
        let xray = XraySource::path(&image).read()?;
        if xray.was_reoriented() {
            let (id, path) = (image.display().to_string(), image);
            return Err(pulmo_data::Error::TurnedImage { id, path }.into());
        }
        let drawn = Mask::open(&mask)?;
        check_size(&image.display().to_string(), drawn.size(), (xray.width(), xray.height()))?;
        if drawn.area() == 0 {
            let reason = format!("seed mask '{}' is empty; leave the seed out, or draw it", mask.display());
            return Err(Error::Images { reason });
        }
        Ok(Self { image_sha256: hash(&image)?, mask_sha256: hash(&mask)?, image, mask })
    }

    /// Reads the mask.
    ///
    /// # Errors
    /// [`Error::Changed`], [`Error::Core`], or what decoding refuses.
    pub fn open_mask(&self) -> Result<Mask> {
        unchanged(&self.mask, self.mask_sha256)?;
        Ok(Mask::open(&self.mask)?)
    }

    /// The seed as networks learn from it.
    ///
    /// # Errors
    /// [`Error::Changed`], [`Error::Core`].
    pub(crate) fn pair(&self) -> Result<TrainingPair> {
        unchanged(&self.image, self.image_sha256)?;
        unchanged(&self.mask, self.mask_sha256)?;
        Ok(TrainingPair { image: self.image.clone(), mask: self.mask.clone() })
    }
}

/// Measures all images in parallel; `progress` is called from any thread with the number done and the number of all.
pub(crate) fn measure(
    images: &[NewImage],
    seeds: &[NewSeed],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(Vec<ImageRecord>, Vec<SeedRecord>)> {
    let total = images.len() + seeds.len();
    let done = std::sync::atomic::AtomicUsize::new(0);
    let step = || progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, total);
    let images: Vec<_> =
        images.par_iter().map(|image| ImageRecord::measure(image).inspect(|_| step())).collect();
    let seeds: Vec<_> = seeds.par_iter().map(|seed| SeedRecord::measure(seed).inspect(|_| step())).collect();
    let mut refused = Vec::new();
    let images = fit(images, &mut refused);
    let seeds = fit(seeds, &mut refused);
    if refused.is_empty() { Ok((images, seeds)) } else { Err(Error::unusable(&refused, total)) }
}

/// Those that can be used; the others' reasons go to `refused`.
fn fit<T>(measured: Vec<Result<T>>, refused: &mut Vec<Error>) -> Vec<T> {
    measured.into_iter().filter_map(|one| one.map_err(|error| refused.push(error)).ok()).collect()
}

/// Writes a list as CSV and gives its hash.
pub(crate) fn write_list<T: Serialize>(path: &Path, records: &[T]) -> Result<Sha256Digest> {
    let damaged = |reason: String| Error::Damaged { path: path.to_owned(), reason };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.serialize(record).map_err(|error| damaged(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| damaged(error.to_string()))?;
    files::write(path, &bytes)?;
    Ok(Sha256Digest::of(&bytes))
}

/// Reads a list whose hash is on record.
pub(crate) fn read_list<T: DeserializeOwned>(path: &Path, recorded: Sha256Digest) -> Result<Vec<T>> {
    let bytes = read_unchanged(path, recorded)?;
    let records: std::result::Result<Vec<T>, csv::Error> =
        csv::Reader::from_reader(bytes.as_slice()).deserialize().collect();
    records.map_err(|error| Error::Damaged { path: path.to_owned(), reason: error.to_string() })
}

/// The bytes of a file whose hash is on record.
pub(crate) fn read_unchanged(path: &Path, recorded: Sha256Digest) -> Result<Vec<u8>> {
    let bytes = files::read(path)?;
    compare(path, Sha256Digest::of(&bytes), recorded)?;
    Ok(bytes)
}

/// Refuses a file whose hash is not what is on record.
pub(crate) fn unchanged(path: &Path, recorded: Sha256Digest) -> Result<()> {
    compare(path, Sha256Digest::of_file(path)?, recorded)
}

fn compare(path: &Path, found: Sha256Digest, recorded: Sha256Digest) -> Result<()> {
    if found == recorded {
        return Ok(());
    }
    let (found, recorded) = (found.to_string(), recorded.to_string());
    Err(Error::Changed { path: path.to_owned(), found, recorded })
}

fn check_size(image: &str, found: (u32, u32), expected: (u32, u32)) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(Error::MaskSize { image: image.to_owned(), found, expected })
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(Error::file("find", path))
}
