//! The panel of text below the X-ray.

use std::convert::Infallible;

use embedded_graphics::Pixel;
use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{OriginDimensions, Point, Size};
use embedded_graphics::mono_font::iso_8859_1::FONT_10X20;
use embedded_graphics::mono_font::{MonoFont, MonoTextStyle};
use embedded_graphics::pixelcolor::{Rgb888, RgbColor};
use embedded_graphics::text::{Baseline, Text};
use embedded_graphics::{Drawable, primitives::Rectangle};
use image::{Rgb, RgbImage};

use super::palette;

const FONT: MonoFont<'static> = FONT_10X20;

/// Text grows by one whole step for this many pixels of the panel's width.
const WIDTH_PER_TEXT_STEP: u32 = 512;

/// Space around the text and between lines, in unscaled pixels.
const MARGIN: u32 = 10;
const LINE_GAP: u32 = 4;

/// Side of a colour key's square and the space after it, in unscaled pixels.
const SWATCH: u32 = 14;
const SWATCH_GAP: u32 = 6;

/// Space between two colour keys, in characters.
const KEY_GAP: u32 = 2;

/// Lines beyond this are counted and not shown.
const MAX_LINES: usize = 40;

/// One colour and what it stands for.
pub(super) struct Key {
    name: &'static str,
    colour: Rgb<u8>,
}

impl Key {
    pub(super) fn new(name: &'static str, colour: Rgb<u8>) -> Self {
        Self { name, colour }
    }

    fn width(&self) -> u32 {
        let letters = self.name.chars().count() as u32 + KEY_GAP;
        SWATCH + SWATCH_GAP + letters * FONT.character_size.width
    }
}

/// A colour key placed in the panel, in unscaled pixels.
struct PlacedKey {
    x: u32,
    y: u32,
    name: &'static str,
    colour: Rgb<u8>,
}

/// The panel's content, laid out for one width.
pub(super) struct Legend {
    scale: u32,
    keys: Vec<PlacedKey>,
    lines: Vec<String>,
    lines_y: u32,
}

impl Legend {
    /// Places keys and lines in a panel `width` pixels wide.
    pub(super) fn lay_out(width: u32, keys: &[Key], lines: &[String]) -> Self {
        let scale = (width / WIDTH_PER_TEXT_STEP).max(1);
        let room = (width / scale).saturating_sub(2 * MARGIN);
        let (mut x, mut y) = (0, 0);
        let mut placed = Vec::new();
        for key in keys {
            if x > 0 && x + key.width() > room {
                (x, y) = (0, y + line_height());
            }
            placed.push(PlacedKey { x: MARGIN + x, y: MARGIN + y, name: key.name, colour: key.colour });
            x += key.width();
        }
        let keys_height = if placed.is_empty() { 0 } else { y + line_height() };
        let columns = (room / FONT.character_size.width).max(1) as usize;
        Self { scale, keys: placed, lines: shown(lines, columns), lines_y: MARGIN + keys_height }
    }

    /// The panel's height in pixels, 0 without content.
    pub(super) fn height(&self) -> u32 {
        if self.keys.is_empty() && self.lines.is_empty() {
            return 0;
        }
        let text = self.lines.len() as u32 * line_height();
        (self.lines_y + text + MARGIN - LINE_GAP) * self.scale
    }

    /// Draws the panel's content below row `top`.
    pub(super) fn draw(&self, picture: &mut RgbImage, top: u32) {
        let mut panel = Panel { picture, top, scale: self.scale };
        for key in &self.keys {
            let corner = Point::new(key.x as i32, (key.y + (FONT.character_size.height - SWATCH) / 2) as i32);
            let swatch = Rectangle::new(corner, Size::new_equal(SWATCH));
            let Ok(()) = panel.fill_solid(&swatch, to_rgb888(key.colour));
            panel.write(key.name, key.x + SWATCH + SWATCH_GAP, key.y);
        }
        for (i, line) in (0..).zip(&self.lines) {
            panel.write(line, MARGIN, self.lines_y + i * line_height());
        }
    }
}

fn line_height() -> u32 {
    FONT.character_size.height + LINE_GAP
}

/// Wraps the lines and cuts them off at the most that are shown.
fn shown(lines: &[String], columns: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = lines.iter().flat_map(|l| wrap(l, columns)).collect();
    if wrapped.len() > MAX_LINES {
        let hidden = wrapped.len() - (MAX_LINES - 1);
        wrapped.truncate(MAX_LINES - 1);
        wrapped.push(format!("... {hidden} more lines"));
    }
    wrapped
}

/// Breaks a line after the last space that fits, or anywhere if there is none.
fn wrap(line: &str, columns: usize) -> Vec<String> {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let letters: Vec<char> = line.chars().map(printable).collect();
    let mut rest = letters.as_slice();
    let mut wrapped = Vec::new();
    while rest.len() > columns {
        let space = rest[..=columns].iter().rposition(|&c| c == ' ');
        let (end, next) = match space {
            Some(at) if at > 0 => (at, at + 1),
            _ => (columns, columns),
        };
        wrapped.push(rest[..end].iter().collect());
        rest = &rest[next..];
    }
    wrapped.push(rest.iter().collect());
    wrapped
}

fn to_rgb888(colour: Rgb<u8>) -> Rgb888 {
    let [r, g, b] = colour.0;
    Rgb888::new(r, g, b)
}

/// The picture below the X-ray, drawn on in whole multiples of a pixel.
struct Panel<'a> {
    picture: &'a mut RgbImage,
    top: u32,
    scale: u32,
}

impl Panel<'_> {
    fn write(&mut self, text: &str, x: u32, y: u32) {
        let style = MonoTextStyle::new(&FONT, to_rgb888(palette::TEXT));
        let at = Point::new(x as i32, y as i32);
        let Ok(_) = Text::with_baseline(text, at, style, Baseline::Top).draw(self);
    }
}

impl OriginDimensions for Panel<'_> {
    fn size(&self) -> Size {
        Size::new(self.picture.width() / self.scale, (self.picture.height() - self.top) / self.scale)
    }
}

impl DrawTarget for Panel<'_> {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Self::Error>
    where
        I: IntoIterator<Item = Pixel<Self::Color>>,
    {
        let size = self.size();
        for Pixel(point, colour) in pixels {
            let (Ok(x), Ok(y)) = (u32::try_from(point.x), u32::try_from(point.y)) else {
                continue;
            };
            if x >= size.width || y >= size.height {
                continue;
            }
            let colour = Rgb([colour.r(), colour.g(), colour.b()]);
            for dy in 0..self.scale {
                for dx in 0..self.scale {
                    let (px, py) = (x * self.scale + dx, y * self.scale + dy);
                    self.picture.put_pixel(px, self.top + py, colour);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn wraps_at_spaces_and_inside_long_words() {
        assert_eq!(wrap("short", 10), ["short"]);
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("a\tb\n", 10), ["a b "]);
    }
}
