//! Parameters of a scan (T.87, C.2.4.1 and A.2.1).

use super::CODEC;
use crate::error::{Error, Result};

/// Parameters as an LSE segment gives them; 0 stands for the default.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Preset {
    maximum: i64,
    thresholds: [i64; 3],
    reset: i64,
}

impl Preset {
    pub(super) fn parse(body: &[u8]) -> Result<Self> {
        const PRESET: u8 = 1;
        let (&[kind], rest) =
            body.split_first_chunk::<1>().ok_or_else(|| Error::codec(CODEC, "a marker is empty"))?;
        if kind != PRESET {
            return Err(Error::codec(CODEC, "it has mapping tables or a size beyond 65535"));
        }
        let numbers: Vec<i64> =
            rest.chunks_exact(2).map(|pair| i64::from(u16::from_be_bytes([pair[0], pair[1]]))).collect();
        match numbers.as_slice() {
            &[maximum, t1, t2, t3, reset] => Ok(Self { maximum, thresholds: [t1, t2, t3], reset }),
            _ => Err(Error::codec(CODEC, "its preset parameters are incomplete")),
        }
    }
}

/// Everything that the coding of a scan depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameters {
    /// Largest value.
    pub(super) maximum: i64,
    /// Tolerance.
    pub(super) near: i64,
    pub(super) thresholds: [i64; 3],
    /// Counts from which contexts are halved.
    pub(super) reset: i64,
    /// Number of error values.
    pub(super) range: i64,
    /// Bits of an error value.
    pub(super) error_bits: u32,
    /// Longest code in bits.
    pub(super) limit: u32,
}

const DEFAULT_RESET: i64 = 64;
const SMALLEST_RESET: i64 = 3;

impl Parameters {
    pub(super) fn new(precision: u32, near: u32, preset: Preset) -> Result<Self> {
        let refused = |what: &str| Err(Error::codec(CODEC, format!("{what} is out of range")));
        if !(2..=16).contains(&precision) {
            return refused("its number of bits");
        }
        let full = (1_i64 << precision) - 1;
        let near = i64::from(near);
        let maximum = if preset.maximum == 0 { full } else { preset.maximum };
        if maximum > full {
            return refused("its largest value");
        }
        if near > (maximum / 2).min(255) {
            return refused("its tolerance");
        }
        let defaults = default_thresholds(maximum, near);
        let mut thresholds = preset.thresholds;
        for (threshold, default) in thresholds.iter_mut().zip(defaults) {
            if *threshold == 0 {
                *threshold = default;
            }
        }
        let [t1, t2, t3] = thresholds;
        if !(near < t1 && t1 <= t2 && t2 <= t3 && t3 <= maximum.max(near + 1)) {
            return refused("a threshold");
        }
        let reset = if preset.reset == 0 { DEFAULT_RESET } else { preset.reset };
        if !(SMALLEST_RESET..=maximum.max(255)).contains(&reset) {
            return refused("its reset interval");
        }
        let range = (maximum + 2 * near) / (2 * near + 1) + 1;
        let value_bits = bits_for(maximum + 1).max(2);
        Ok(Self {
            maximum,
            near,
            thresholds,
            reset,
            range,
            error_bits: bits_for(range),
            limit: 2 * (value_bits + value_bits.max(8)),
        })
    }
}

/// The logarithm of `count` to base 2, rounded up.
fn bits_for(count: i64) -> u32 {
    64 - (count - 1).leading_zeros()
}

fn default_thresholds(maximum: i64, near: i64) -> [i64; 3] {
    const BASIC: [i64; 3] = [3, 7, 21];
    let within = |value: i64, low: i64| if value > maximum || value < low { low } else { value };
    let raw = |index: usize| {
        let tolerance = (2 * index as i64 + 3) * near;
        if maximum >= 128 {
            let factor = (maximum.min(4095) + 128) / 256;
            let least = index as i64 + 2;
            factor * (BASIC[index] - least) + least + tolerance
        } else {
            let factor = 256 / (maximum + 1);
            (BASIC[index] / factor + tolerance).max(index as i64 + 2)
        }
    };
    let t1 = within(raw(0), near + 1);
    let t2 = within(raw(1), t1);
    [t1, t2, within(raw(2), t2)]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Parameters, Preset, default_thresholds};

    #[test]
    fn defaults_are_those_of_the_standard() {
        // T.87, table C.3.
        assert_eq!(default_thresholds(255, 0), [3, 7, 21]);
        assert_eq!(default_thresholds(4095, 0), [18, 67, 276]);
        let eight = Parameters::new(8, 0, Preset::default()).unwrap();
        assert_eq!((eight.range, eight.error_bits, eight.limit), (256, 8, 32));
        let sixteen = Parameters::new(16, 0, Preset::default()).unwrap();
        assert_eq!((sixteen.range, sixteen.error_bits, sixteen.limit), (65536, 16, 64));
        let near = Parameters::new(8, 3, Preset::default()).unwrap();
        assert_eq!((near.range, near.error_bits, near.thresholds), (38, 6, [12, 22, 42]));
    }
}
