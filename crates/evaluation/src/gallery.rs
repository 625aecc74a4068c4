//! Best, median and worst cases as pictures.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use pulmo_data::{Case, Index};
use pulmo_imaging::{ChestXray, InfectionMask, LungMask, LungPair, Mask, Overlay, RgbImage};
use pulmo_metrics::{Metric, Unit};
use pulmo_pipeline::Pipeline;
use pulmo_xray::XraySource;

use crate::table::TestedCase;
use crate::truth::Truth;
use crate::{CaseEvaluation, Error, Result};

/// Cases of each kind.
const EACH: usize = 3;
/// Wrong decisions that are shown.
const MOST_MISJUDGED: usize = 12;
/// Quality of the pictures, of 100.
const JPEG_QUALITY: u8 = 85;

/// Cases that belong together.
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) shots: Vec<Shot>,
}

/// One case: what was found beside what is true.
pub(crate) struct Shot {
    pub(crate) id: String,
    pub(crate) class: String,
    pub(crate) found: String,
    pub(crate) truth: String,
    pub(crate) lines: Vec<String>,
}

/// The sections of a page, with the chosen cases analysed once more for their pictures.
pub(crate) fn sections(pipeline: &Pipeline, index: &Index, cases: &[CaseEvaluation]) -> Result<Vec<Section>> {
    let infection = ranked(cases, |case| case.infection_figure(&Metric::Dsc).filter(|_| case.is_covid()));
    let lungs = ranked(cases, |case| case.lung_figure(&Metric::Dsc));
    let mut chosen = Vec::new();
    for (what, ranked) in [("Infection of COVID-19 images", infection), ("Lungs", lungs)] {
        for (kind, positions) in picks(&ranked) {
            chosen.push((format!("{what}: {kind}"), "By DSC.".to_owned(), positions));
        }
    }
    let decided = cases.iter().any(|case| case.detected.is_some());
    let wrong: Vec<usize> = (0..cases.len()).filter(|&at| decided && cases[at].is_misjudged()).collect();
    let lead = match wrong.len() {
        0 => "None.".to_owned(),
        all if all > MOST_MISJUDGED => format!("The first {MOST_MISJUDGED} of {all}; cases.csv has all."),
        all => format!("All {all}."),
    };
    if decided {
        chosen.push(("Wrong decisions".to_owned(), lead, wrong.into_iter().take(MOST_MISJUDGED).collect()));
    }
    let section = |(title, lead, positions): (String, String, Vec<usize>)| {
        let cases = positions.iter().filter_map(|&at| Some((index.cases().get(at)?, cases.get(at)?)));
        let shots = cases.map(|(case, evaluated)| shot(pipeline, case, evaluated)).collect::<Result<_>>()?;
        Ok(Section { title, lead, shots })
    };
    chosen.into_iter().map(section).collect()
}

/// Positions of the cases that have the figure, the best first.
fn ranked(cases: &[CaseEvaluation], figure: impl Fn(&CaseEvaluation) -> Option<f64>) -> Vec<usize> {
    let mut ranked: Vec<(usize, f64)> =
        cases.iter().enumerate().filter_map(|(at, case)| Some((at, figure(case)?))).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked.into_iter().map(|(at, _)| at).collect()
}

/// Best, median and worst, none of them twice.
fn picks(ranked: &[usize]) -> Vec<(&'static str, Vec<usize>)> {
    let number = ranked.len();
    let best = EACH.min(number);
    let worst = number.saturating_sub(EACH).max(best);
    let middle = (number / 2).saturating_sub(EACH / 2).clamp(best, worst);
    let median = middle..(middle + EACH).min(worst);
    let parts = [("best", 0..best), ("median", median), ("worst", worst..number)];
    let filled = parts.into_iter().filter(|(_, range)| !range.is_empty());
    filled.map(|(kind, range)| (kind, ranked[range].to_vec())).collect()
}

fn shot(pipeline: &Pipeline, case: &Case, evaluated: &CaseEvaluation) -> Result<Shot> {
    let xray = XraySource::path(case.image()).read()?;
    let truth = Truth::of(case, &xray)?;
    let analysis = pipeline.analyze(&xray)?;
    let blank = || Mask::empty(xray.width(), xray.height());
    let true_lungs = LungPair::split(&LungMask::new(truth.lung.map_or_else(blank, Ok)?));
    let true_infection = InfectionMask::new(truth.infection.map_or_else(blank, Ok)?);
    Ok(Shot {
        id: evaluated.id.clone(),
        class: evaluated.class.to_string(),
        found: picture(&xray, &analysis.lungs, &analysis.infection)?,
        truth: picture(&xray, &true_lungs, &true_infection)?,
        lines: lines(evaluated),
    })
}

fn lines(case: &CaseEvaluation) -> Vec<String> {
    let figure =
        |name: &str, value: Option<f64>| value.map(|value| format!("{name} {}", Unit::Share.shown(value)));
    let share = |name: &str, value: Option<f64>| value.map(|value| format!("{name} {value:.1} %"));
    let decision = case.detected.map(|positive| {
        let score = case.score.map_or(0.0, |score| score.get());
        format!("{} (score {score:.3})", if positive { "COVID-19 positive" } else { "COVID-19 negative" })
    });
    [
        figure("lung DSC", case.lung_figure(&Metric::Dsc)),
        figure("infection DSC", case.infection_figure(&Metric::Dsc)),
        share("infected", case.infected_percent),
        share("truly infected", case.true_infected_percent),
        decision,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A JPEG as a `data:` address.
fn picture(xray: &ChestXray, lungs: &LungPair, infection: &InfectionMask) -> Result<String> {
    let picture: RgbImage = Overlay::new(xray).lungs(lungs).infection(infection).render()?;
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
        .encode_image(&picture)
        .map_err(|error| Error::Picture { reason: error.to_string() })?;
    Ok(format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::picks;

    #[test]
    fn no_case_is_shown_twice() {
        for number in 0..20 {
            let ranked: Vec<usize> = (0..number).collect();
            let picks = picks(&ranked);
            let shown: Vec<usize> = picks.iter().flat_map(|(_, positions)| positions.clone()).collect();
            assert!(shown.is_sorted_by(|a, b| a < b), "{number}: {picks:?}");
            assert_eq!(shown.len(), number.min(9), "{number}: {picks:?}");
        }
        assert_eq!(picks(&[7, 5, 3, 1])[1], ("worst", vec![1]));
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let ranked: Vec<usize> = (0..101).collect();
        assert_eq!(picks(&ranked)[1], ("median", vec![49, 50, 51]));
    }
}
