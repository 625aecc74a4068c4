//! Chest X-rays from DICOM files.
//!
//! [`DicomXray`] reads one image with its modality and VOI transformations, polarity and orientation into
//! [`pulmo_imaging::ChestXray`]: grey values in [0, 1], bones bright, the patient's right on the left of the picture.
//! Programs read X-rays, whatever their format, with `XraySource` of the crate `pulmo-xray`.
//!
//! * **No patient data.** Of a data set only the attributes that an image needs are read; everything else is passed
//!   over. [`Attributes`], all that leaves beside the pixels, holds types and numbers and no text.
//! * **No C.** dicom-rs parses; JPEG and JPEG 2000 are decoded by `jpeg-decoder` and `hayro-jpeg2000`, RLE and JPEG-LS
//!   here. [`TransferSyntax`] lists what is read.
//! * **No panics.** A malformed file is an [`Error`]; decoders of others are called behind a wall.
//!
//! ```no_run
//! use pulmo_dicom::DicomXray;
//! use pulmo_imaging::DecodeLimits;
//!
//! let dicom = DicomXray::from_bytes(&std::fs::read("chest.dcm")?, &DecodeLimits::default())?;
//! println!("{} view, {:?}", dicom.attributes().view(), dicom.attributes().windowing());
//! dicom.xray().save_png("chest.png")?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attributes;
mod codec;
mod dataset;
mod error;
mod grey;
mod meta;
mod orientation;
mod pixels;
mod syntax;
mod tags;
mod unknown;
mod view;
mod xray;

pub use attributes::{Attributes, BodyPart, Modality};
pub use error::{Error, Result};
pub use orientation::{Direction, Turn};
pub use pixels::Photometric;
pub use pulmo_imaging::{WindowFunction, Windowing};
pub use syntax::TransferSyntax;
pub use view::View;
pub use xray::DicomXray;
