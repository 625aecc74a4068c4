//! X-rays that experts scored, from a CSV file.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// How an expert scores the whole X-ray.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Score {
    /// Extent of the opacities, 0 to 8 (Cohen et al. 2020).
    GeographicExtent,
    /// Density of the opacities, 0 to 6 (Cohen et al. 2020).
    Opacity,
    /// Six zones of 0 to 3 each, 0 to 18 (Borghesi and Maroldi 2020).
    Brixia,
}

impl Score {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::GeographicExtent, Self::Opacity, Self::Brixia];

    /// As in file and column names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GeographicExtent => "geographic_extent",
            Self::Opacity => "opacity",
            Self::Brixia => "brixia",
        }
    }

    /// As in plots.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::GeographicExtent => "Geographic extent",
            Self::Opacity => "Opacity",
            Self::Brixia => "Brixia",
        }
    }

    /// The highest score; the lowest is 0.
    #[must_use]
    pub const fn highest(self) -> f64 {
        match self {
            Self::GeographicExtent => 8.0,
            Self::Opacity => 6.0,
            Self::Brixia => 18.0,
        }
    }
}

/// What the CSV file says of one image; other columns are passed over.
#[derive(Deserialize)]
struct Line {
    image: String,
    geographic: Option<f64>,
    opacity: Option<f64>,
    brixia_senior: Option<f64>,
    brixia_junior: Option<f64>,
}

/// An X-ray with at least one score.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Its name, as in the CSV file.
    pub image: String,
    /// Its file.
    pub path: PathBuf,
    /// In the order of [`Score::ALL`].
    pub scores: [Option<f64>; 3],
}

/// The scored X-rays of a CSV file, whose paths are relative to it.
pub(super) fn read(manifest: &Path) -> Result<Vec<Scored>> {
    let refuse = |reason: String| Error::Scores { path: manifest.into(), reason };
    let reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(manifest);
    let mut reader = reader.map_err(|error| refuse(error.to_string()))?;
    let folder = manifest.parent().unwrap_or(Path::new(""));
    let mut found = Vec::new();
    for line in reader.deserialize() {
        let line: Line = line.map_err(|error| refuse(error.to_string()))?;
        let checked = |score: Score, value: Option<f64>| match value {
            Some(value) if !(0.0..=score.highest()).contains(&value) => Err(refuse(format!(
                "{}: {} is {value}; it must lie in 0..={}",
                line.image,
                score.name(),
                score.highest()
            ))),
            value => Ok(value),
        };
        let readers = [line.brixia_senior, line.brixia_junior];
        let mut brixia = Vec::new();
        for reader in readers {
            brixia.extend(checked(Score::Brixia, reader)?);
        }
        let scores = [
            checked(Score::GeographicExtent, line.geographic)?,
            checked(Score::Opacity, line.opacity)?,
            (!brixia.is_empty()).then(|| brixia.iter().sum::<f64>() / brixia.len() as f64),
        ];
        if scores.iter().any(Option::is_some) {
            found.push(Scored { path: folder.join(&line.image), image: line.image, scores });
        }
    }
    if found.is_empty() {
        let columns = "geographic, opacity, brixia_senior, brixia_junior";
        return Err(refuse(format!("no image has a score; name the columns {columns}")));
    }
    Ok(found)
}
