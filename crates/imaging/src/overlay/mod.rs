//! Findings drawn onto the X-ray.

use std::path::Path;

use image::{Rgb, RgbImage};

use crate::error::Result;
use crate::grey::to_u8;
use crate::lungs::{InfectionMask, LungPair};
use crate::size::check_same;
use crate::write;
use crate::xray::ChestXray;

/// A picture of an X-ray with lungs, infection and a legend.
#[derive(Debug, Clone)]
pub struct Overlay<'a> {
    xray: &'a ChestXray,
    lungs: Option<&'a LungPair>,
    infection: Option<&'a InfectionMask>,
    legend: Vec<String>,
}

impl<'a> Overlay<'a> {
    /// Starts with the bare X-ray.
    #[must_use]
    pub fn new(xray: &'a ChestXray) -> Self {
        Self { xray, lungs: None, infection: None, legend: Vec::new() }
    }

    /// Adds the lungs' contours.
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

    /// Adds lines of text below the X-ray.
    #[must_use]
    pub fn legend(mut self, lines: &[String]) -> Self {
        self.legend = lines.to_vec();
        self
    }

    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// A mask differs in size from the X-ray.
    pub fn render(&self) -> Result<RgbImage> {
        let size = (self.xray.width(), self.xray.height());
        if let Some(l) = self.lungs {
            check_same("lungs on the X-ray", size, l.size())?;
        }
        let s = 512_u32.div_ceil(size.0.min(size.1)).max(1);
        Ok(RgbImage::from_fn(size.0 * s, size.1 * s, |x, y| {
            let v = to_u8(self.xray.pixels()[((y / s) * size.0 + x / s) as usize]);
            Rgb([v, v, v])
        }))
    }

    /// Draws the picture and writes it as a PNG.
    ///
    /// # Errors
    ///
    /// As [`Overlay::render`], or the folder is missing or not writable.
    pub fn save_png(&self, path: impl AsRef<Path>) -> Result<()> {
        write::save_png(&self.render()?, path.as_ref())
    }
}
