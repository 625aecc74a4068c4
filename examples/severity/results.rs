//! Correlations, and the files that hold them.

use std::error::Error;
use std::path::Path;

use pulmo::evaluation::plot;
use pulmo::imaging::write_atomically;
use pulmo::metrics::{Interval, bootstrap_pearson, pearson};
use pulmo::report::Models;
use serde::Serialize;

use crate::alike::Closest;
use crate::expert::{Score, Scored};

const RESAMPLES: usize = 2000;
const SEED: u64 = 0;
const NOTE: &str = "r: Pearson's correlation of the infected percentage of both lungs with the experts' score; \
intervals by Fisher's z and by bootstrap over images (2,000 draws, percentiles).";
const ALIKE_NOTE: &str =
    "Not alike: no training or validation image correlates by 0.98 or more at 48 x 48 pixels;";

/// An X-ray with what the pipeline found and, where it was looked for, its closest training image.
pub(crate) struct Measured {
    pub(crate) scored: Scored,
    /// In percent; `None` where no lungs were found.
    pub(crate) infected: Option<f64>,
    pub(crate) closest: Option<Closest>,
}

/// Over which images a correlation is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Over {
    All,
    NotAlike,
}

#[derive(Serialize)]
struct Correlation {
    score: Score,
    images: Over,
    n: usize,
    r: Option<f64>,
    fisher: Option<Interval>,
    bootstrap: Option<Interval>,
    /// Why there is no correlation.
    reason: Option<String>,
}

#[derive(Serialize)]
struct Written<'a> {
    models: &'a Models,
    images: usize,
    without_lungs: usize,
    /// Images that look like a training or validation image; `None` where that was not looked for.
    alike: Option<usize>,
    correlations: &'a [Correlation],
}

/// Writes all files into `folder` and gives the Markdown.
pub(crate) fn write(folder: &Path, models: &Models, measured: &[Measured]) -> Result<String, Box<dyn Error>> {
    let save = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        write_atomically(&path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
    };
    save("severity.csv", &table(measured)?)?;
    let compared = measured.iter().any(|image| image.closest.is_some());
    let mut correlations = Vec::new();
    for (position, score) in Score::ALL.into_iter().enumerate() {
        let points = |keep: &dyn Fn(&Measured) -> bool| -> Vec<(f64, f64)> {
            let kept = measured.iter().filter(|image| keep(image));
            kept.filter_map(|image| Some((image.scored.scores[position]?, image.infected?))).collect()
        };
        let (seen, unseen) = (points(&|image| is_alike(image)), points(&|image| !is_alike(image)));
        let all = correlation(score, Over::All, &points(&|_| true));
        let title = match (&all.fisher, all.r) {
            (Some(interval), Some(r)) => {
                format!("r = {r:.2} ({:.2} to {:.2}), N = {}", interval.low, interval.high, all.n)
            }
            _ => format!("N = {}", all.n),
        };
        let axes = [&format!("{} by experts", score.title()), "infected lung, %"];
        let (dots, marks) = if compared { (seen, unseen.clone()) } else { (unseen.clone(), Vec::new()) };
        save(&format!("{}.svg", score.name()), plot::scatter(&title, axes, &dots, &marks)?.as_bytes())?;
        correlations.push(all);
        if compared {
            correlations.push(correlation(score, Over::NotAlike, &unseen));
        }
    }
    let written = Written {
        models,
        images: measured.len(),
        without_lungs: measured.iter().filter(|image| image.infected.is_none()).count(),
        alike: compared.then(|| measured.iter().filter(|image| is_alike(image)).count()),
        correlations: &correlations,
    };
    save("severity.json", serde_json::to_string_pretty(&written)?.as_bytes())?;
    let markdown = markdown(&written);
    save("severity.md", markdown.as_bytes())?;
    Ok(markdown)
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

fn table(measured: &[Measured]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["image", "infected_percent"];
    header.extend(Score::ALL.map(Score::name));
    header.extend(["closest_training_image", "correlation"]);
    table.write_record(header)?;
    let number = |value: Option<f64>| value.map(|value| format!("{value:.3}")).unwrap_or_default();
    for Measured { scored, infected, closest } in measured {
        let mut record = vec![scored.image.clone(), number(*infected)];
        record.extend(scored.scores.map(number));
        record.push(closest.as_ref().map(|closest| closest.id.clone()).unwrap_or_default());
        record.push(number(closest.as_ref().map(|closest| f64::from(closest.correlation))));
        table.write_record(record)?;
    }
    Ok(table.into_inner().map_err(|error| error.to_string())?)
}

fn markdown(written: &Written<'_>) -> String {
    let Models { lung, infection } = written.models;
    let mut lines = vec![
        format!(
            "## {} images: {} {} and {} {}",
            written.images, lung.name, lung.version, infection.name, infection.version
        ),
        String::new(),
        "| score | images | N | r | 95 %, Fisher | 95 %, bootstrap |".to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    let limits = |interval: Option<Interval>| {
        interval.map(|interval| format!("{:.2} to {:.2}", interval.low, interval.high)).unwrap_or_default()
    };
    for row in written.correlations {
        lines.push(format!(
            "| {}, 0 to {} | {} | {} | {} | {} | {} |",
            row.score.title().to_lowercase(),
            row.score.highest(),
            if row.images == Over::All { "all" } else { "not alike" },
            row.n,
            row.r.map(|r| format!("{r:.2}")).or(row.reason.clone()).unwrap_or_default(),
            limits(row.fisher),
            limits(row.bootstrap)
        ));
    }
    lines.extend([String::new(), NOTE.to_owned()]);
    if let Some(alike) = written.alike {
        lines.push(format!("{ALIKE_NOTE} for {alike} of the {} images one does.", written.images));
    }
    if written.without_lungs > 0 {
        lines.push(format!("No lungs were found in {} images; they are left out.", written.without_lungs));
    }
    lines.join("\n") + "\n"
}
