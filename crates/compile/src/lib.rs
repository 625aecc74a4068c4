//! One clean data set from many sources: the first half of how Tahir et al. 2021 made COVID-QU.
//!
//! [`Compiler`] reads X-rays from folders and CSV manifests (PNG, JPEG, TIFF, BMP, WebP, DICOM), finds exact and near
//! duplicates across sources, flags images that a person should look at with the figures that flagged them, brings
//! everything to one size, and writes the layout of COVID-QU-Ex with a manifest, tables of what was left out and what
//! is alike, a review that a person fills in, and a page to look at.
//!
//! ```
//! use pulmo_compile::{Compiler, Options, Source};
//! use pulmo_data::Class;
//! use pulmo_imaging::{Phantom, PhantomSpec};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let images = folder.path().join("images");
//! std::fs::create_dir(&images)?;
//! for seed in 1..=2 {
//!     Phantom::generate(&PhantomSpec::new(256, seed)?)?.xray().save_png(images.join(format!("{seed}.png")))?;
//! }
//! std::fs::copy(images.join("1.png"), images.join("copy.png"))?;
//!
//! let source = Source::new("phantoms", &images)?.with_class(Class::Normal);
//! let summary = Compiler::new(vec![source], folder.path().join("set"), Options::default())?.run(&|_| {})?;
//! assert_eq!((summary.kept().total(), summary.left_out("exact duplicate")), (2, 1));
//! # Ok(())
//! # }
//! ```

mod claim;
mod classes;
mod compiler;
mod duplicates;
mod error;
mod flag;
mod found;
mod journal;
mod options;
mod page;
mod place;
mod prepare;
mod record;
mod review;
mod selection;
mod source;
mod store;
mod summary;
mod tables;
mod write;

pub use classes::ClassWords;
pub use compiler::{Compiler, Progress};
pub use error::{Error, Result};
pub use options::{Options, Thresholds};
pub use source::Source;
pub use summary::{SourceCounts, Summary};
