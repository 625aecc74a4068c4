//! Chest X-ray images and masks for Pulmo: everything around the networks.
//!
//! * [`ChestXray`] holds an X-ray as grey values in [0, 1] and says what had to
//!   be changed for that ([`ImageWarning`]). Files, DICOM among them, bytes and
//!   raw pixels are read with `XraySource` of the crate `pulmo-xray`.
//! * [`decode_picture`] is the part of it that decodes PNG, JPEG, BMP and, with the features `tiff` and `webp`, TIFF and
//!   WebP, within [`DecodeLimits`].
//! * [`Mask`], [`LungMask`], [`InfectionMask`] and [`ProbabilityMap`] carry
//!   what the networks found; [`components`] cleans it up.
//! * [`LungPair`] tells the patient's right lung from the left one.
//! * [`Overlay`] draws the findings onto the X-ray; the feature `legend` adds a panel of text.
//! * `Phantom` (feature `phantom`) draws synthetic chests whose masks are known exactly.
//!
//! Images are row-major with the origin at the top left. In the usual display
//! of a frontal X-ray the patient faces the viewer: the patient's **right**
//! lung is on the image's **left**.
//!
//! # Example
//!
//! ```
//! use pulmo_imaging::{Overlay, Phantom, PhantomInfection, PhantomSpec};
//!
//! # #[cfg(all(feature = "legend", feature = "phantom"))]
//! # fn main() -> pulmo_imaging::Result<()> {
//! let spec = PhantomSpec::new(128, 7)?
//!     .with_infection(PhantomInfection::Patchy { fraction_hint: 0.2 })?;
//! let phantom = Phantom::generate(&spec)?;
//! let infected = phantom.infection().as_mask().area() as f64;
//! let lungs = phantom.lungs().both().as_mask().area() as f64;
//! assert!(infected > 0.0 && infected < lungs);
//!
//! let picture = Overlay::new(phantom.xray())
//!     .lungs(phantom.lungs())
//!     .infection(phantom.infection())
//!     .legend(&[format!("infected {:.0} %", 100.0 * infected / lungs)])
//!     .render()?;
//! assert!(picture.width() >= 512);
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "legend", feature = "phantom")))]
//! # fn main() {}
//! ```

pub mod components;
mod error;
mod grey;
mod guard;
mod lungs;
mod mask;
pub mod overlay;
#[cfg(feature = "phantom")]
pub mod phantom;
mod png;
mod probability;
mod resample;
mod size;
mod write;
mod xray;

pub use error::{Error, Result};
pub use grey::Grey;
pub use guard::guarded;
pub use lungs::{CleanOptions, InfectionMask, LungMask, LungPair, SplitNote};
pub use mask::{LOSSY_THRESHOLD, Mask};
pub use overlay::Overlay;
#[cfg(feature = "phantom")]
pub use phantom::{Phantom, PhantomInfection, PhantomSpec};
pub use probability::ProbabilityMap;
pub use pulmo_core::unique_name;
pub use size::{MAX_PIXELS, MAX_SIDE};
pub use write::{is_leftover, write_atomically};
pub use xray::{
    BitDepth, ChestXray, DecodeLimits, FileFormat, ImageWarning, QualityFacts, SourceFormat, WindowFunction,
    Windowing, decode_picture, is_dicom, is_picture_file, read_file,
};

/// Encoded pictures, re-exported from the `image` crate.
pub use image::{GrayImage, RgbImage};
