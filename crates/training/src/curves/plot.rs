//! The curves as a picture.

use std::io::Cursor;

use embedded_graphics::geometry::Point;
use embedded_graphics::pixelcolor::Rgb888;
use embedded_graphics::text::Alignment;
use image::ImageFormat;

use super::EpochFigures;
use super::canvas::Canvas;
use crate::{Error, Result};

const WIDTH: u32 = 1200;
const HEIGHT: u32 = 520;
const PANELS: i32 = 2;
/// Around a panel's curves: left, right, top, bottom.
const MARGINS: [i32; 4] = [90, 30, 70, 60];
const GRID_LINES: i32 = 5;
/// Most epochs that are named below a panel.
const MOST_NAMES: usize = 10;
/// From here on numbers are written with an exponent.
const LARGE: f64 = 1000.0;
const LINE: u32 = 3;
const DOT: u32 = 7;
const BEST_DOT: u32 = 15;

const INK: Rgb888 = Rgb888::new(0x22, 0x2b, 0x33);
const GRID: Rgb888 = Rgb888::new(0xdd, 0xe3, 0xe8);
const TRAIN: Rgb888 = Rgb888::new(0x0b, 0x72, 0x85);
const VALID: Rgb888 = Rgb888::new(0xc2, 0x41, 0x0c);

/// One of the two diagrams.
struct Panel {
    title: &'static str,
    decimals: usize,
    train: fn(&EpochFigures) -> f64,
    valid: fn(&EpochFigures) -> f64,
}

const DIAGRAMS: [Panel; PANELS as usize] = [
    Panel { title: "Loss", decimals: 3, train: |f| f.train_loss, valid: |f| f.valid_loss },
    Panel { title: "DSC %", decimals: 1, train: |f| f.train_dsc_percent, valid: |f| f.valid_dsc_percent },
];

/// A PNG of loss and DSC over the epochs, training and validation, with a ring at the validation's `best` epoch.
///
/// # Errors
/// Where the picture cannot be encoded.
pub(super) fn png(epochs: &[EpochFigures], best: Option<usize>) -> Result<Vec<u8>> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    for (at, panel) in (0..).zip(&DIAGRAMS) {
        panel.draw(&mut canvas, at * WIDTH as i32 / PANELS, epochs, best);
    }
    let mut bytes = Cursor::new(Vec::new());
    let image = canvas.into_image();
    image.write_to(&mut bytes, ImageFormat::Png).map_err(|error| Error::Picture(error.to_string()))?;
    Ok(bytes.into_inner())
}

impl Panel {
    fn draw(&self, canvas: &mut Canvas, offset: i32, epochs: &[EpochFigures], best: Option<usize>) {
        let [left, right, top, bottom] = MARGINS;
        let (x0, x1) = (offset + left, offset + WIDTH as i32 / PANELS - right);
        let (y0, y1) = (HEIGHT as i32 - bottom, top);
        let (low, high) = self.range(epochs);
        let x = |epoch: usize| {
            let share = (epoch - 1) as f64 / epochs.len().saturating_sub(1).max(1) as f64;
            x0 + (share * f64::from(x1 - x0)).round() as i32
        };
        let y = |value: f64| y0 - ((value - low) / (high - low) * f64::from(y0 - y1)).round() as i32;

        canvas.text(self.title, Point::new(x0, top / 2), Alignment::Left, INK);
        canvas.text("training", Point::new(x1 - 140, top / 2), Alignment::Right, TRAIN);
        canvas.text("validation", Point::new(x1, top / 2), Alignment::Right, VALID);
        for line in 0..=GRID_LINES {
            let value = low + (high - low) * f64::from(line) / f64::from(GRID_LINES);
            canvas.line(Point::new(x0, y(value)), Point::new(x1, y(value)), GRID);
            canvas.text(&self.label(value), Point::new(x0 - 10, y(value)), Alignment::Right, INK);
        }
        let every = epochs.len().div_ceil(MOST_NAMES).max(1);
        for epoch in (1..=epochs.len()).filter(|epoch| (epoch - 1) % every == 0) {
            canvas.text(&epoch.to_string(), Point::new(x(epoch), y0 + 18), Alignment::Center, INK);
        }
        canvas.text("epoch", Point::new(i32::midpoint(x0, x1), y0 + 42), Alignment::Center, INK);

        for (figure, colour) in [(self.train, TRAIN), (self.valid, VALID)] {
            let finite = epochs.iter().filter(|figures| figure(figures).is_finite());
            let points: Vec<Point> =
                finite.map(|figures| Point::new(x(figures.epoch), y(figure(figures)))).collect();
            canvas.polyline(&points, LINE, colour);
            for &point in &points {
                canvas.dot(point, DOT, colour);
            }
        }
        let best = epochs.iter().find(|figures| Some(figures.epoch) == best);
        if let Some(best) = best.filter(|best| (self.valid)(best).is_finite()) {
            let at = Point::new(x(best.epoch), y((self.valid)(best)));
            canvas.dot(at, BEST_DOT, VALID);
            canvas.dot(at, DOT, Rgb888::new(255, 255, 255));
        }
    }

    /// A number that fits beside the axis.
    fn label(&self, value: f64) -> String {
        if value.abs() < LARGE { format!("{value:.*}", self.decimals) } else { format!("{value:.1e}") }
    }

    /// The lowest and highest value on the axis.
    fn range(&self, epochs: &[EpochFigures]) -> (f64, f64) {
        let values = epochs.iter().flat_map(|figures| [(self.train)(figures), (self.valid)(figures)]);
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        match high - low {
            spread if spread > 0.0 => (low, high),
            // One value, or none.
            0.0 => (low - 0.5, high + 0.5),
            _ => (0.0, 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn epochs(values: &[f64]) -> Vec<EpochFigures> {
        let figures = |(at, &value): (usize, &f64)| EpochFigures {
            epoch: at + 1,
            train_loss: value,
            train_dsc_percent: 100.0 / value,
            valid_loss: value * 1.3 + 0.01,
            valid_dsc_percent: 95.0 / value,
        };
        values.iter().enumerate().map(figures).collect()
    }

    fn colours(epochs: &[EpochFigures]) -> std::collections::HashSet<[u8; 3]> {
        let picture = image::load_from_memory(&png(epochs, Some(1)).unwrap()).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (WIDTH, HEIGHT));
        picture.pixels().map(|pixel| pixel.0).collect()
    }

    #[test]
    fn labels_fit_beside_the_axis() {
        let room = MARGINS[0] as usize / 10 - 1;
        for value in [0.0, -0.5, 0.123_456, 999.999, 130_075_680.0, f64::MAX] {
            let label = DIAGRAMS[0].label(value);
            assert!(label.len() <= room, "{label}");
        }
    }

    #[test]
    fn a_picture_shows_curves_of_any_length_and_value() {
        let long: Vec<f64> = (1..=137).map(f64::from).collect();
        for values in [&[1.5][..], &[2.0, 2.0], &[1.0, f64::NAN, 3.0], &[f64::INFINITY, 1.0], &long] {
            assert!(colours(&epochs(values)).contains(&[0xc2, 0x41, 0x0c]), "{values:?}");
        }
        assert!(colours(&[]).contains(&[0x22, 0x2b, 0x33]), "axes without curves");
    }
}
