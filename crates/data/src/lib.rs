//! The COVID-QU-Ex data set (Tahir et al. 2021): index, checks, samples in memory, augmentation, folds.
//!
//! ```
//! use pulmo_data::{Augmentation, Class, Sample, order};
//!
//! let size = 32;
//! let plane = vec![1_u8; size * size];
//! let sample = Sample::new("case-1", Class::Covid19, size, vec![128; size * size], plane.clone(), plane)?;
//!
//! let (seed, epoch) = (42, 0);
//! for index in order(1, seed, epoch) {
//!     let augmented = Augmentation::light().apply(&sample, seed, epoch, index as u64);
//!     assert_eq!(augmented.xray().len(), size * size);
//! }
//! # Ok::<(), pulmo_data::Error>(())
//! ```
//!
//! A real run starts from the files on disk:
//!
//! ```no_run
//! use pulmo_data::{CovidQuEx, Part, SampleCache, Split};
//!
//! let index = CovidQuEx::open("COVID-QU-Ex")?.index(Part::InfectionSegmentation)?;
//! let train = SampleCache::load(&index.split(Split::Train), 128, |done, total| eprintln!("{done}/{total}"))?;
//! println!("{} samples, {} bytes", train.len(), train.bytes());
//! # Ok::<(), pulmo_data::Error>(())
//! ```

mod affine;
mod augmentation;
mod cache;
mod case;
mod check;
mod decode;
mod decoys;
mod duplicates;
mod error;
mod folds;
mod groups;
mod index;
mod layout;
mod listing;
mod manifest;
mod needs;
mod open;
mod plain;
mod random;
mod resample;
mod sample;
mod stratify;
mod tone;

pub use augmentation::{
    Augmentation, AugmentationSpec, Augmented, MAX_BRIGHTNESS, MAX_NOISE, MAX_RELATIVE_CHANGE,
    MAX_ROTATION_DEGREES, MAX_SHIFT,
};
pub use cache::SampleCache;
pub use case::{Case, Class, Split};
pub use check::{Problem, Problems, check, require_all_sound, require_sound};
pub use decoys::decoys;
pub use duplicates::{NEAR_DUPLICATE_CORRELATION, SimilarPair, Thumbnail, near_duplicates, similar_pairs};
pub use error::{Error, Result};
pub use folds::{DEFAULT_FOLDS, Folds, stratified_split};
pub use groups::{Groups, joined};
pub use index::{Counts, Index};
pub use layout::{ClassFolders, CovidQuEx, Part};
pub use needs::Needs;
pub use pulmo_core::Task;
pub use random::order;
pub use resample::resized_mask;
pub use sample::{MAX_SIZE, MIN_SIZE, Sample};
pub use stratify::largest_remainder;
