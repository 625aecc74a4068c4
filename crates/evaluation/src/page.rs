//! The evaluation as a page to look at.

use askama::Template;
use pulmo_imaging::overlay::palette;
use pulmo_report::STYLE;

use crate::gallery::Section;
use crate::table::{Row, percent};
use crate::{Error, Result, markdown};

#[derive(Template)]
#[template(path = "evaluation.html")]
struct Page<'a> {
    style: &'static str,
    title: &'a str,
    rows: Vec<Cells>,
    note: &'static str,
    asides: Vec<String>,
    plots: &'a [String],
    key: [(&'static str, String); 3],
    sections: &'a [Section],
}

/// A row as text.
struct Cells {
    subject: String,
    name: String,
    value: String,
    interval: String,
    half_width: String,
    n: u64,
    best: String,
    same: String,
}

impl Cells {
    fn of(row: &Row) -> Self {
        let estimate = &row.estimate;
        let shown = |value: f64| format!("{} %", percent(value));
        Self {
            subject: row.subject.to_string(),
            name: row.name(),
            value: shown(estimate.value),
            interval: format!("{} to {}", percent(estimate.interval.low), percent(estimate.interval.high)),
            half_width: percent(row.paper_half_width),
            n: estimate.n,
            best: row
                .best_published
                .map(|best| format!("{} ({})", shown(best.value), best.network))
                .unwrap_or_default(),
            same: row.same_published.map(|same| shown(same.value)).unwrap_or_default(),
        }
    }
}

pub(crate) fn render(
    title: &str,
    figures: &crate::EvaluationFigures,
    rows: &[Row],
    plots: &[String],
    sections: &[Section],
) -> Result<String> {
    let colour = |colour: image::Rgb<u8>| format!("rgb({}, {}, {})", colour[0], colour[1], colour[2]);
    let page = Page {
        style: STYLE,
        title,
        rows: rows.iter().map(Cells::of).collect(),
        note: markdown::NOTE,
        asides: markdown::asides(figures),
        plots,
        key: [
            ("right lung", colour(palette::RIGHT_LUNG)),
            ("left lung", colour(palette::LEFT_LUNG)),
            ("infection", colour(palette::INFECTION)),
        ],
        sections,
    };
    page.render().map_err(|error| Error::Page { reason: error.to_string() })
}
