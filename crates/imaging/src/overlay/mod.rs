//! Findings drawn onto the X-ray.

#[cfg(feature = "legend")]
mod legend;
mod paint;
pub mod palette;

use std::path::Path;

use image::RgbImage;

use crate::error::Result;
use crate::lungs::{InfectionMask, LungPair};
use crate::png;
use crate::size::check_same;
use crate::write;
use crate::xray::ChestXray;
#[cfg(feature = "legend")]
use legend::{Key, Legend};

/// X-rays whose shorter side is below this are enlarged, so that text beside
/// them can be read.
const READABLE_SIDE: u32 = 512;

/// Enlarging never makes the longer side longer than this.
const LARGEST_ENLARGED_SIDE: u32 = 4096;

/// A picture of an X-ray with the contours of the lungs, the infection as a
/// translucent fill with its contour, and with the feature `legend` a legend in a panel below.
///
/// The picture is the X-ray's size, or a whole multiple of it where the shorter
/// side is below 512 pixels, plus the panel. Nothing is written on the X-ray.
#[derive(Debug, Clone)]
pub struct Overlay<'a> {
    xray: &'a ChestXray,
    lungs: Option<&'a LungPair>,
    infection: Option<&'a InfectionMask>,
    #[cfg(feature = "legend")]
    legend: Vec<String>,
}

impl<'a> Overlay<'a> {
    /// Starts with the bare X-ray.
    #[must_use]
    pub fn new(xray: &'a ChestXray) -> Self {
        Self {
            xray,
            lungs: None,
            infection: None,
            #[cfg(feature = "legend")]
            legend: Vec::new(),
        }
    }

    /// Adds the lungs' contours, each side in its own colour.
    #[must_use]
    pub fn lungs(mut self, lungs: &'a LungPair) -> Self {
        self.lungs = Some(lungs);
        self
    }

    /// Adds the infection.
    #[must_use]
    pub fn infection(mut self, infection: &'a InfectionMask) -> Self {
        self.infection = Some(infection);
        self
    }

    /// Sets the lines of text in the panel. Lines too long for the panel are
    /// wrapped; characters outside Latin-1 are shown as question marks.
    #[cfg(feature = "legend")]
    #[must_use]
    pub fn legend(mut self, lines: &[String]) -> Self {
        self.legend = lines.to_vec();
        self
    }

    /// How many times the X-ray is enlarged.
    #[must_use]
    pub fn scale(&self) -> u32 {
        let (width, height) = (self.xray.width(), self.xray.height());
        let wanted = READABLE_SIDE.div_ceil(width.min(height));
        let most = LARGEST_ENLARGED_SIDE / width.max(height);
        wanted.min(most).max(1)
    }

    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// A mask differs in size from the X-ray.
    pub fn render(&self) -> Result<RgbImage> {
        let size = (self.xray.width(), self.xray.height());
        let scale = self.scale();
        let (width, height) = (size.0 * scale, size.1 * scale);
        #[cfg(feature = "legend")]
        let legend = self.panel(width);
        #[cfg(feature = "legend")]
        let panel_height = legend.height();
        #[cfg(not(feature = "legend"))]
        let panel_height = 0;

        let mut picture = RgbImage::from_pixel(width, height + panel_height, palette::PANEL);
        paint::grey(&mut picture, &self.xray.resized(width, height));
        let thickness = paint::line_thickness(width, height);
        if let Some(infection) = self.infection {
            check_same("infection on the X-ray", size, infection.as_mask().size())?;
            let mask = infection.as_mask().resized_nearest(width, height);
            paint::fill(&mut picture, &mask, palette::INFECTION, palette::INFECTION_OPACITY);
            paint::contour(&mut picture, &mask, palette::INFECTION, thickness);
        }
        if let Some(lungs) = self.lungs {
            check_same("lungs on the X-ray", size, lungs.size())?;
            for (lung, colour) in [(lungs.right(), palette::RIGHT_LUNG), (lungs.left(), palette::LEFT_LUNG)] {
                let mask = lung.as_mask().resized_nearest(width, height);
                paint::contour(&mut picture, &mask, colour, thickness);
            }
        }
        #[cfg(feature = "legend")]
        legend.draw(&mut picture, height);
        Ok(picture)
    }

    #[cfg(feature = "legend")]
    fn panel(&self, width: u32) -> Legend {
        let mut keys = Vec::new();
        if self.lungs.is_some() {
            keys.push(Key::new("right lung", palette::RIGHT_LUNG));
            keys.push(Key::new("left lung", palette::LEFT_LUNG));
        }
        if self.infection.is_some() {
            keys.push(Key::new("infection", palette::INFECTION));
        }
        Legend::lay_out(width, &keys, &self.legend)
    }

    /// Draws the picture and encodes it as an 8-bit colour PNG.
    ///
    /// # Errors
    ///
    /// As [`Overlay::render`].
    pub fn to_png(&self) -> Result<Vec<u8>> {
        png::encode(&self.render()?)
    }

    /// Draws the picture and writes it as a PNG.
    ///
    /// The file is written beside `path` and renamed, so that a failure leaves
    /// what was there.
    ///
    /// # Errors
    ///
    /// As [`Overlay::render`], or the folder is missing or not writable.
    pub fn save_png(&self, path: impl AsRef<Path>) -> Result<()> {
        write::save_png(&self.render()?, path.as_ref())
    }
}
