//! Chest X-rays from DICOM files.
//!
//! [`DicomXray`] reads one image with its modality and VOI transformations, polarity and orientation into
//! [`pulmo_imaging::ChestXray`]: grey values in [0, 1], bones bright, the patient's right on the left of the picture.
//! [`open_xray`] reads a file of any format.
//!
//! * **No patient data.** Of a data set only the attributes that an image needs are read; everything else is passed
//!   over. [`Attributes`], all that leaves beside the pixels, holds types and numbers and no text.
//! * **No C.** dicom-rs parses; JPEG and JPEG 2000 are decoded by `jpeg-decoder` and `hayro-jpeg2000`, RLE and JPEG-LS
//!   here. [`TransferSyntax`] lists what is read.
//! * **No panics.** A malformed file is an [`Error`]; decoders of others are called behind a wall.
//!
//! ```no_run
//! use pulmo_dicom::DicomXray;
//!
//! let dicom = DicomXray::open("chest.dcm")?;
//! println!("{} view, {:?}", dicom.attributes().view(), dicom.attributes().windowing());
//! dicom.xray().save_png("chest.png")?;
//! # Ok::<(), pulmo_dicom::Error>(())
//! ```

mod attributes;
mod codec;
mod dataset;
mod error;
mod files;
mod grey;
mod guard;
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
pub use files::is_xray_file;
pub use grey::{WindowFunction, Windowing};
pub use orientation::{Direction, Turn};
pub use pixels::Photometric;
pub use syntax::TransferSyntax;
pub use view::View;
pub use xray::{DicomXray, open_xray};
