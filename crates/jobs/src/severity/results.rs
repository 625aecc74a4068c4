//! Correlations, and the files that hold them.

use std::fmt;
use std::path::Path;

use pulmo_core::files;
use pulmo_evaluation::plot;
use pulmo_evaluation::table::Grid;
use pulmo_metrics::{Interval, bootstrap_pearson, pearson};
use pulmo_report::Models;
use serde::Serialize;

use super::{Closest, Score, Scored};
use crate::Result;

const RESAMPLES: usize = 2000;
const SEED: u64 = 0;
const NOTE: &str = "r: Pearson's correlation of the infected percentage of both lungs with the experts' score; \
intervals by Fisher's z and by bootstrap over images (2,000 draws, percentiles).";
const ALIKE_NOTE: &str =
    "Not alike: no training or validation image correlates by 0.98 or more at 48 x 48 pixels;";

/// An X-ray with what the pipeline found and, where it was looked for, its closest training image.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The X-ray and its scores.
    pub scored: Scored,
    /// Infected share of both lungs in percent; `None` where no lungs were found.
    pub infected: Option<f64>,
    /// The training or validation image that it resembles most.
    pub closest: Option<Closest>,
}

/// Over which images a correlation is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Over {
    /// All of them.
    All,
    /// Those that no training or validation image is a near-duplicate of.
    NotAlike,
}

/// How well one score agrees with the infected share.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Correlation {
    /// The score.
    pub score: Score,
    /// Over which images.
    pub images: Over,
    /// Their number.
    pub n: usize,
    /// Pearson's correlation.
    pub r: Option<f64>,
    /// Its 95 % interval by Fisher's z.
    pub fisher: Option<Interval>,
    /// Its 95 % interval by bootstrap over images.
    pub bootstrap: Option<Interval>,
    /// Why there is no correlation.
    pub reason: Option<String>,
}

/// How well the infected share agrees with experts' scores; its `Display` is the table as Markdown.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Agreement {
    /// The networks.
    pub models: Models,
    /// Number of X-rays.
    pub images: usize,
    /// X-rays in which no lungs were found; they are left out.
    pub without_lungs: usize,
    /// X-rays that look like a training or validation image; `None` where that was not looked for.
    pub alike: Option<usize>,
    /// Every score, over all images and over those that are not alike.
    pub correlations: Vec<Correlation>,
    /// Every X-ray.
    #[serde(skip)]
    pub measured: Vec<Measured>,
}

impl Agreement {
    pub(super) fn of(models: Models, measured: Vec<Measured>) -> Self {
        let compared = measured.iter().any(|image| image.closest.is_some());
        let mut correlations = Vec::new();
        for (position, score) in Score::ALL.into_iter().enumerate() {
            correlations.push(correlation(score, Over::All, &points(&measured, position, |_| true)));
            if compared {
                let unseen = points(&measured, position, |image| !is_alike(image));
                correlations.push(correlation(score, Over::NotAlike, &unseen));
            }
        }
        Self {
            models,
            images: measured.len(),
            without_lungs: measured.iter().filter(|image| image.infected.is_none()).count(),
            alike: compared.then(|| measured.iter().filter(|image| is_alike(image)).count()),
            correlations,
            measured,
        }
    }

    /// Writes `severity.csv`, `severity.json`, `severity.md` and a plot for each score into `folder`, which has to be
    /// there.
    ///
    /// # Errors
    /// Where a file cannot be written or a plot not be drawn.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let save = |name: &str, bytes: &[u8]| files::write(&folder.join(name), bytes);
        save("severity.csv", &table(&self.measured)?)?;
        for (position, score) in Score::ALL.into_iter().enumerate() {
            let of = |alike| points(&self.measured, position, |image| is_alike(image) == alike);
            let (seen, unseen) = (of(true), of(false));
            let all = self.correlations.iter().find(|one| one.score == score && one.images == Over::All);
            let title = match all.map(|all| (all.n, all.r, &all.fisher)) {
                Some((n, Some(r), Some(interval))) => {
                    format!("r = {r:.2} ({:.2} to {:.2}), N = {n}", interval.low, interval.high)
                }
                _ => format!("N = {}", seen.len() + unseen.len()),
            };
            let axes = [&format!("{} by experts", score.title()), "infected lung, %"];
            let (dots, marks) = if self.alike.is_some() { (seen, unseen) } else { (unseen, Vec::new()) };
            save(&format!("{}.svg", score.name()), plot::scatter(&title, axes, &dots, &marks)?.as_bytes())?;
        }
        files::write_json(&folder.join("severity.json"), self)?;
        Ok(save("severity.md", self.to_string().as_bytes())?)
    }
}

/// Score and infected percentage of the X-rays that have both and are to be kept.
fn points(measured: &[Measured], position: usize, keep: impl Fn(&Measured) -> bool) -> Vec<(f64, f64)> {
    let kept = measured.iter().filter(|image| keep(image));
    kept.filter_map(|image| Some((*image.scored.scores.get(position)?.as_ref()?, image.infected?))).collect()
}

fn is_alike(image: &Measured) -> bool {
    image.closest.as_ref().is_some_and(Closest::is_near_duplicate)
}

fn correlation(score: Score, images: Over, points: &[(f64, f64)]) -> Correlation {
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let (fisher, bootstrap) = (pearson(&x, &y), bootstrap_pearson(&x, &y, SEED, RESAMPLES));
    Correlation {
        score,
        images,
        n: points.len(),
        r: fisher.as_ref().ok().map(|estimate| estimate.value),
        reason: fisher.as_ref().err().map(ToString::to_string),
        fisher: fisher.ok().map(|estimate| estimate.interval),
        bootstrap: bootstrap.ok().map(|estimate| estimate.interval),
    }
}

fn table(measured: &[Measured]) -> Result<Vec<u8>> {
    let scores = Score::ALL.map(Score::name);
    let closest = ["closest_training_image", "correlation"];
    let mut grid = Grid::new(["image", "infected_percent"].into_iter().chain(scores).chain(closest));
    let number = |value: Option<f64>| value.map(|value| format!("{value:.3}")).unwrap_or_default();
    for Measured { scored, infected, closest } in measured {
        let mut line = vec![scored.image.clone(), number(*infected)];
        line.extend(scored.scores.map(number));
        line.push(closest.as_ref().map(|closest| closest.id.clone()).unwrap_or_default());
        line.push(number(closest.as_ref().map(|closest| f64::from(closest.correlation))));
        grid.push(line);
    }
    Ok(grid.csv()?)
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Models { lung, infection } = &self.models;
        let limits = |interval: Option<Interval>| {
            interval
                .map(|interval| format!("{:.2} to {:.2}", interval.low, interval.high))
                .unwrap_or_default()
        };
        let mut grid = Grid::new(["score", "images", "N", "r", "95 %, Fisher", "95 %, bootstrap"]);
        for row in &self.correlations {
            grid.push([
                format!("{}, 0 to {}", row.score.title().to_lowercase(), row.score.highest()),
                if row.images == Over::All { "all" } else { "not alike" }.to_owned(),
                row.n.to_string(),
                row.r.map(|r| format!("{r:.2}")).or(row.reason.clone()).unwrap_or_default(),
                limits(row.fisher),
                limits(row.bootstrap),
            ]);
        }
        let networks = format!("{} {} and {} {}", lung.name, lung.version, infection.name, infection.version);
        writeln!(f, "## {} images: {networks}\n\n{}\n{NOTE}", self.images, grid.markdown())?;
        if let Some(alike) = self.alike {
            writeln!(f, "{ALIKE_NOTE} for {alike} of the {} images one does.", self.images)?;
        }
        if self.without_lungs > 0 {
            writeln!(f, "No lungs were found in {} images; they are left out.", self.without_lungs)?;
        }
        Ok(())
    }
}
