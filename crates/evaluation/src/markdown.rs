//! The figures as a table that a model card can hold.

use crate::figures::EvaluationFigures;
use crate::table::Row;

/// How the figures are to be read.
pub(crate) const NOTE: &str = "Masks: empty against empty counts as 1; intervals by bootstrap over images. Detection: \
COVID-19 against all others; Wilson's intervals, over each figure's own N. ±: the half-width of the paper's interval \
over all images, 1.96 sqrt(m(1-m)/N). The paper's figures (Tahir et al. 2021) are on its own test split; over which \
images its infection figures are averaged, and how, is not known to us, so they stand beside each of ours.";

/// A Markdown table of all figures in percent, with n, 95 % intervals and the paper's figures.
pub(crate) fn table(title: &str, figures: &EvaluationFigures, rows: &[Row]) -> String {
    let notes = std::iter::once(NOTE.to_owned()).chain(asides(figures));
    let notes: String = notes.map(|note| note + "\n").collect();
    format!("## {title}\n\n{}\n{notes}", Row::grid(rows).markdown())
}

/// What is measured besides the table, a sentence each.
pub(crate) fn asides(figures: &EvaluationFigures) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(ranking) = &figures.ranking {
        lines.push(format!(
            "Detection score, whatever the threshold: area under the ROC curve {}, average precision {}; bootstrap \
             over images.",
            ranking.roc_area, ranking.average_precision
        ));
    }
    if let Some(error) = figures.infected_percent_error {
        lines.push(format!(
            "Infected percentage of COVID-19 images: {error:.1} points from the true masks' on average."
        ));
    }
    if let Some(time) = figures.median_milliseconds {
        lines.push(format!("Median time of an analysis: {time:.0} ms, decoding left out."));
    }
    lines
}
