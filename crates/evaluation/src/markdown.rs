//! The figures as a table that a model card can hold.

use pulmo_metrics::Estimate;

use crate::figures::{EvaluationFigures, SegmentationFigures};

/// A Markdown table of all figures in percent, with n and 95 % intervals.
pub(crate) fn table(title: &str, figures: &EvaluationFigures) -> String {
    let mut lines = vec![
        format!("## {title}"),
        String::new(),
        "| figure | value | 95 % interval | n |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    let mut row = |name: &str, estimate: &Estimate| {
        let Estimate { value, n, interval } = estimate;
        let percent = |value: f64| format!("{:.2}", 100.0 * value);
        lines.push(format!(
            "| {name} | {} % | {} to {} | {n} |",
            percent(*value),
            percent(interval.low),
            percent(interval.high)
        ));
    };
    for (name, segmentation) in [
        ("lung", &figures.lung),
        ("infection, COVID-19 images,", &figures.infection_covid),
        ("infection, all images,", &figures.infection_all),
    ] {
        if let Some(SegmentationFigures { dsc, iou, accuracy }) = segmentation {
            row(&format!("{name} DSC"), dsc);
            row(&format!("{name} IoU"), iou);
            row(&format!("{name} pixel accuracy"), accuracy);
        }
    }
    if let Some(detection) = &figures.detection {
        let found = detection.figures();
        for (name, estimate) in [
            ("detection sensitivity", found.sensitivity),
            ("detection specificity", found.specificity),
            ("detection accuracy", found.accuracy),
            ("detection precision", found.precision),
            ("detection F1", found.f1),
        ] {
            if let Some(estimate) = &estimate {
                row(name, estimate);
            }
        }
    }
    lines.push(String::new());
    lines.push(
        "Masks: mean over images, empty against empty counts as 1, bootstrap intervals by image. Detection: COVID-19 \
         against all others, Wilson intervals."
            .to_owned(),
    );
    if let Some(error) = figures.infected_percent_error {
        lines.push(format!(
            "Infected percentage of COVID-19 images: {error:.1} points from the true masks' on average."
        ));
    }
    lines.join("\n") + "\n"
}
