//! A picture to draw lines and text on, with a font of its own.

use std::convert::Infallible;

use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{OriginDimensions, Point, Size};
use embedded_graphics::mono_font::MonoTextStyle;
use embedded_graphics::mono_font::ascii::FONT_10X20;
use embedded_graphics::pixelcolor::{Rgb888, RgbColor};
use embedded_graphics::primitives::{Circle, Line, Polyline, Primitive, PrimitiveStyle};
use embedded_graphics::text::{Alignment, Baseline, Text, TextStyleBuilder};
use embedded_graphics::{Drawable, Pixel};
use image::{Rgb, RgbImage};

/// Pixels in RGB, white at first.
pub(super) struct Canvas(RgbImage);

impl Canvas {
    pub(super) fn new(width: u32, height: u32) -> Self {
        Self(RgbImage::from_pixel(width, height, Rgb([255; 3])))
    }

    pub(super) fn into_image(self) -> RgbImage {
        self.0
    }

    /// Text whose middle in height is at `at`, and whose end, middle or beginning, as `alignment` says.
    pub(super) fn text(&mut self, text: &str, at: Point, alignment: Alignment, colour: Rgb888) {
        let style = TextStyleBuilder::new().alignment(alignment).baseline(Baseline::Middle).build();
        let font = MonoTextStyle::new(&FONT_10X20, colour);
        let Ok(_) = Text::with_text_style(text, at, font, style).draw(self);
    }

    pub(super) fn line(&mut self, from: Point, to: Point, colour: Rgb888) {
        let Ok(()) = Line::new(from, to).into_styled(PrimitiveStyle::with_stroke(colour, 1)).draw(self);
    }

    pub(super) fn polyline(&mut self, points: &[Point], width: u32, colour: Rgb888) {
        let style = PrimitiveStyle::with_stroke(colour, width);
        let Ok(()) = Polyline::new(points).into_styled(style).draw(self);
    }

    pub(super) fn dot(&mut self, at: Point, diameter: u32, colour: Rgb888) {
        let Ok(()) =
            Circle::with_center(at, diameter).into_styled(PrimitiveStyle::with_fill(colour)).draw(self);
    }
}

impl OriginDimensions for Canvas {
    fn size(&self) -> Size {
        Size::new(self.0.width(), self.0.height())
    }
}

impl DrawTarget for Canvas {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Self::Error>
    where
        I: IntoIterator<Item = Pixel<Self::Color>>,
    {
        for Pixel(point, colour) in pixels {
            let (Ok(x), Ok(y)) = (u32::try_from(point.x), u32::try_from(point.y)) else { continue };
            if let Some(pixel) = self.0.get_pixel_mut_checked(x, y) {
                *pixel = Rgb([colour.r(), colour.g(), colour.b()]);
            }
        }
        Ok(())
    }
}
