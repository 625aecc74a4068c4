//! The evaluation as a page to look at.

use askama::Template;
use pulmo_imaging::overlay::palette;
use pulmo_report::STYLE;

use crate::gallery::Section;
use crate::table::{Grid, Row};
use crate::{Error, Result, markdown};

#[derive(Template)]
#[template(path = "evaluation.html")]
struct Page<'a> {
    style: &'static str,
    title: &'a str,
    table: Grid,
    note: &'static str,
    asides: Vec<String>,
    plots: &'a [String],
    key: [(&'static str, String); 3],
    sections: &'a [Section],
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
        table: Row::grid(rows),
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
