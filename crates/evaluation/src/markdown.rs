//! The figures as a table that a model card can hold.

use crate::figures::EvaluationFigures;
use crate::table::{Row, percent};

/// How the figures are to be read.
pub(crate) const NOTE: &str = "Masks: empty against empty counts as 1; intervals by bootstrap over images. Detection: \
COVID-19 against all others; Wilson's intervals, over each figure's own N. ±: the half-width of the paper's interval \
over all images, 1.96 sqrt(m(1-m)/N). The paper's figures (Tahir et al. 2021) are on its own test split; over which \
images its infection figures are averaged, and how, is not known to us, so they stand beside each of ours.";

/// A Markdown table of all figures in percent, with n, 95 % intervals and the paper's figures.
pub(crate) fn table(title: &str, figures: &EvaluationFigures, rows: &[Row]) -> String {
    let mut lines = vec![
        format!("## {title}"),
        String::new(),
        "| | figure | value | 95 % interval | ± | n | paper's best | paper, same network |".to_owned(),
        "|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for row in rows {
        let estimate = &row.estimate;
        let best = row.best_published.map(|best| format!("{} % ({})", percent(best.value), best.network));
        let same = row.same_published.map(|same| format!("{} %", percent(same.value)));
        lines.push(format!(
            "| {} | {} | {} % | {} to {} | {} | {} | {} | {} |",
            row.subject,
            row.name(),
            percent(estimate.value),
            percent(estimate.interval.low),
            percent(estimate.interval.high),
            percent(row.paper_half_width),
            estimate.n,
            best.unwrap_or_default(),
            same.unwrap_or_default()
        ));
    }
    lines.push(String::new());
    lines.push(NOTE.to_owned());
    lines.extend(asides(figures));
    lines.join("\n") + "\n"
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
