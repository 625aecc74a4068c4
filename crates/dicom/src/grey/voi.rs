//! From the modality's values to what is displayed (PS3.3, section C.11.2).

use pulmo_imaging::{WindowFunction, Windowing};

use super::lookup::Lookup;
use super::modality::Modality;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::pixels::Layout;
use crate::tags;

#[derive(Debug)]
pub(super) enum Voi {
    Table(Lookup),
    Window { center: f64, width: f64, function: WindowFunction },
    Range { min: f64, max: f64 },
}

/// Table before window, as the usual Python tools have it; then the full range of 8 bits; then the image's own.
pub(super) fn choose(
    dataset: &Dataset,
    layout: &Layout,
    modality: &Modality,
    (min, max): (f64, f64),
) -> Result<(Voi, Windowing)> {
    const EIGHT_BITS: f64 = 255.0;
    // The table's first input has a sign where values can be negative, not only where those of this image are.
    let (lowest, highest) = layout.possible_values();
    let signed = modality.apply(lowest) < 0.0 || modality.apply(highest) < 0.0;
    if let Some(table) = Lookup::read(dataset, tags::VOILUT_SEQUENCE, signed)? {
        return Ok((Voi::Table(table), Windowing::Table));
    }
    if let Some((center, width, function)) = window(dataset) {
        return Ok((Voi::Window { center, width, function }, Windowing::Window { center, width, function }));
    }
    if layout.bits_stored == 8 && !layout.signed && modality.is_identity() {
        return Ok((Voi::Range { min: 0.0, max: EIGHT_BITS }, Windowing::FullRange));
    }
    Ok((Voi::Range { min, max }, Windowing::OwnRange { min, max }))
}

/// The first window, where its width is one that its function allows.
fn window(dataset: &Dataset) -> Option<(f64, f64, WindowFunction)> {
    const NARROWEST_INTEGER_WINDOW: f64 = 1.0;
    let center = dataset.number(tags::WINDOW_CENTER)?;
    let width = dataset.number(tags::WINDOW_WIDTH)?;
    let (function, allowed) = match dataset.text(tags::VOILUT_FUNCTION).as_str() {
        "SIGMOID" => (WindowFunction::Sigmoid, width > 0.0),
        "LINEAR_EXACT" => (WindowFunction::LinearExact, width > 0.0),
        _ => (WindowFunction::Linear, width >= NARROWEST_INTEGER_WINDOW),
    };
    allowed.then_some((center, width, function))
}

impl Voi {
    /// Grey, 0 black and 1 white; may lie outside.
    pub(super) fn apply(&self, value: f64) -> f64 {
        match self {
            Self::Table(table) => table.at(value) / table.largest,
            &Self::Window { center, width, function } => match function {
                WindowFunction::Linear => {
                    let (center, width) = (center - 0.5, width - 1.0);
                    if value <= center - width / 2.0 {
                        0.0
                    } else if value > center + width / 2.0 {
                        1.0
                    } else {
                        (value - center) / width + 0.5
                    }
                }
                WindowFunction::LinearExact => (value - center) / width + 0.5,
                WindowFunction::Sigmoid => 1.0 / (1.0 + (-4.0 * (value - center) / width).exp()),
            },
            &Self::Range { min, max } if max > min => (value - min) / (max - min),
            Self::Range { .. } => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Voi, WindowFunction};

    #[test]
    fn windows_are_those_of_the_standard() {
        // PS3.3, C.11.2.1.2.1: center 2048, width 4096 over 12 bits, to 0..=255.
        let linear = Voi::Window { center: 2048.0, width: 4096.0, function: WindowFunction::Linear };
        assert_eq!(linear.apply(0.0), 0.0);
        assert!((linear.apply(1.0) - 1.0 / 4095.0).abs() < 1e-12);
        assert_eq!(linear.apply(4095.0), 1.0);
        let step = Voi::Window { center: 7.0, width: 1.0, function: WindowFunction::Linear };
        assert_eq!((step.apply(6.0), step.apply(7.0)), (0.0, 1.0));
        let exact = Voi::Window { center: 10.0, width: 20.0, function: WindowFunction::LinearExact };
        assert_eq!((exact.apply(0.0), exact.apply(10.0), exact.apply(20.0)), (0.0, 0.5, 1.0));
        let sigmoid = Voi::Window { center: 10.0, width: 4.0, function: WindowFunction::Sigmoid };
        assert!((sigmoid.apply(11.0) - 1.0 / (1.0 + (-1.0_f64).exp())).abs() < 1e-12);
    }
}
