//! The one door to a chest X-ray: [`XraySource`] reads pictures (PNG, JPEG, TIFF, BMP, WebP), DICOM files and raw
//! pixels into a [`ChestXray`](pulmo_imaging::ChestXray), grey values in [0, 1] with air dark and bone bright.
//!
//! * **Three ways in**: a path, the bytes of a file, or [`RawPixels`] (8-bit or 16-bit values with their bits in use,
//!   polarity and window).
//! * **The same refusals on each**: sizes outside [`DecodeLimits`](pulmo_imaging::DecodeLimits), damaged or unknown
//!   content, and DICOM views that are not frontal.
//! * **[`Provenance`]** says what the image was and what was done to it: format, bit depth, window, orientation, and the
//!   technical facts of a DICOM file. Nothing in it tells who the patient is.
//! * **[`is_xray_file`]** decides which files of a folder are taken for X-rays, and [`xray_name`] how they are called.
//!
//! The feature `dicom` (on by default) reads DICOM files. Without it they are still recognised, and refused with a
//! message that names the feature.
//!
//! ```no_run
//! use pulmo_xray::XraySource;
//!
//! let (xray, provenance) = XraySource::path("chest.dcm").read_with_provenance()?;
//! println!("{} x {} pixels, {}", xray.width(), xray.height(), provenance.format());
//! # Ok::<(), pulmo_xray::Error>(())
//! ```
//!
//! Twelve bits of a detector, bone dark, as a program has them in memory:
//!
//! ```
//! use pulmo_xray::{Polarity, RawPixels, XraySource};
//!
//! let values: Vec<u16> = (0..64 * 64).map(|at| 4095 - at as u16 / 2).collect();
//! let pixels = RawPixels::sixteen(64, 64, values).with_bits_stored(12).with_polarity(Polarity::BoneDark);
//! let xray = XraySource::pixels(pixels).read()?;
//! assert_eq!((xray.pixels()[0], xray.pixels()[64 * 64 - 1]), (0.0, 1.0));
//! # Ok::<(), pulmo_xray::Error>(())
//! ```

mod error;
mod files;
mod provenance;
mod raw;
mod source;

pub use error::{Error, Result};
pub use files::{is_xray_file, xray_name};
pub use provenance::Provenance;
pub use raw::{PixelWindow, Polarity, RawPixels};
pub use source::XraySource;
