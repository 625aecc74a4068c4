//! A second look, at the mirror image.

use std::fmt;
use std::str::FromStr;

use pulmo_segmentation::ModelManifest;

use crate::Error;

/// Whether a network also sees the X-ray mirrored left to right, and its two answers are averaged. Ours; it doubles a
/// network's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TestTimeFlip {
    /// One look.
    #[default]
    Off,
    /// Two looks, at the X-ray and at its mirror image. Heart and lungs change sides in it, so networks profit that
    /// were trained with flips.
    Horizontal,
}

impl TestTimeFlip {
    /// As a network's manifest says.
    pub fn of(manifest: &ModelManifest) -> Self {
        if manifest.flip { Self::Horizontal } else { Self::Off }
    }
}

/// Which task's networks look twice: `stored`, `none`, `lung`, `infection` or `both`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Flips {
    /// Those whose manifest says so.
    #[default]
    Stored,
    /// None.
    None,
    /// Lung networks alone.
    Lung,
    /// Infection networks alone.
    Infection,
    /// All.
    Both,
}

impl Flips {
    const ALL: [(Self, &str); 5] = [
        (Self::Stored, "stored"),
        (Self::None, "none"),
        (Self::Lung, "lung"),
        (Self::Infection, "infection"),
        (Self::Both, "both"),
    ];

    /// What lung networks are to do, where that is not as stored.
    pub(crate) fn lung(self) -> Option<TestTimeFlip> {
        self.chosen(matches!(self, Self::Lung | Self::Both))
    }

    /// What infection networks are to do, where that is not as stored.
    pub(crate) fn infection(self) -> Option<TestTimeFlip> {
        self.chosen(matches!(self, Self::Infection | Self::Both))
    }

    fn chosen(self, twice: bool) -> Option<TestTimeFlip> {
        let flip = if twice { TestTimeFlip::Horizontal } else { TestTimeFlip::Off };
        (self != Self::Stored).then_some(flip)
    }
}

impl fmt::Display for Flips {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(flips, _)| flips == self).map_or("", |(_, name)| name);
        f.pad(name)
    }
}

impl FromStr for Flips {
    type Err = Error;

    /// # Errors
    /// [`Error::UnknownFlips`].
    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name).map(|(flips, _)| *flips);
        found.ok_or_else(|| Error::UnknownFlips { name: name.to_owned() })
    }
}

/// Row-major `values` with every row of `width` turned round.
pub(crate) fn mirrored(values: &[f32], width: usize) -> Vec<f32> {
    values.chunks(width).flat_map(|row| row.iter().rev().copied()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Flips, TestTimeFlip, mirrored};

    #[test]
    fn rows_are_turned_round_one_by_one() {
        assert_eq!(mirrored(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3), [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
    }

    #[test]
    fn names_say_who_looks_twice() {
        let (off, twice) = (Some(TestTimeFlip::Off), Some(TestTimeFlip::Horizontal));
        for (name, lung, infection) in [
            ("stored", None, None),
            ("none", off, off),
            ("lung", twice, off),
            ("infection", off, twice),
            ("both", twice, twice),
        ] {
            let flips: Flips = name.parse().unwrap();
            assert_eq!(
                (flips.lung(), flips.infection(), flips.to_string().as_str()),
                (lung, infection, name)
            );
        }
        let error = "left".parse::<Flips>().unwrap_err().to_string();
        assert_eq!(error, "flip is 'left', but has to be stored, none, lung, infection or both");
    }
}
