//! Plots as SVG.

use plotters::coord::Shift;
use plotters::prelude::*;
use pulmo_metrics::{Estimate, PrecisionRecallCurve, RocCurve};

use crate::{Error, Result};

/// Width of a plot in pixels.
const WIDTH: u32 = 560;
/// Height of a plot in pixels.
const HEIGHT: u32 = 520;
const MARGIN: i32 = 16;
const LABEL_AREA: i32 = 52;
const FONT: &str = "sans-serif";
const TITLE_SIZE: i32 = 17;
const LABEL_SIZE: i32 = 14;
const POINT_SIZE: i32 = 3;
const MARK_SIZE: i32 = 6;
const LINE_WIDTH: u32 = 2;
const LINE: RGBColor = RGBColor(11, 114, 133);
const MARK: RGBColor = RGBColor(194, 65, 12);
const GUIDE: RGBColor = RGBColor(154, 166, 178);
const GRID: RGBColor = RGBColor(221, 227, 232);
/// Axes reach past the data by this share of its range.
const PADDING: f64 = 0.05;

/// The ROC curve with its area; `at` is the point (1 - specificity, sensitivity) of the threshold in use, if any.
///
/// # Errors
/// [`Error::Plot`].
pub fn roc(curve: &RocCurve, area: &Estimate, at: Option<(f64, f64)>) -> Result<String> {
    let points: Vec<(f64, f64)> =
        curve.points().iter().map(|point| (point.false_positive_rate, point.true_positive_rate)).collect();
    let axes = Axes {
        title: format!("ROC, area {area}"),
        x: "1 - specificity".to_owned(),
        y: "sensitivity".to_owned(),
        x_range: (0.0, 1.0),
        y_range: (0.0, 1.0),
    };
    axes.draw(&Content {
        line: points,
        guide: vec![(0.0, 0.0), (1.0, 1.0)],
        marks: at.into_iter().collect(),
        ..Content::default()
    })
}

/// Precision against recall with average precision; `at` is the point (recall, precision) of the threshold in use.
///
/// # Errors
/// [`Error::Plot`].
pub fn precision_recall(
    curve: &PrecisionRecallCurve,
    average: &Estimate,
    at: Option<(f64, f64)>,
) -> Result<String> {
    let points: Vec<(f64, f64)> =
        curve.points().iter().map(|point| (point.recall, point.precision)).collect();
    let axes = Axes {
        title: format!("Average precision {average}"),
        x: "recall".to_owned(),
        y: "precision".to_owned(),
        x_range: (0.0, 1.0),
        y_range: (0.0, 1.0),
    };
    axes.draw(&Content { line: points, marks: at.into_iter().collect(), ..Content::default() })
}

/// Points with the line of least squares, if `x` varies; `emphasised` points are drawn in another colour.
///
/// # Errors
/// [`Error::Plot`].
pub fn scatter(
    title: &str,
    [x, y]: [&str; 2],
    points: &[(f64, f64)],
    emphasised: &[(f64, f64)],
) -> Result<String> {
    let all = || points.iter().chain(emphasised);
    let axes = Axes {
        title: title.to_owned(),
        x: x.to_owned(),
        y: y.to_owned(),
        x_range: range(all().map(|point| point.0)),
        y_range: range(all().map(|point| point.1)),
    };
    let all: Vec<(f64, f64)> = all().copied().collect();
    let guide = least_squares(&all, axes.x_range);
    axes.draw(&Content { guide, points: points.to_vec(), marks: emphasised.to_vec(), ..Content::default() })
}

/// What a plot shows.
#[derive(Default)]
struct Content {
    line: Vec<(f64, f64)>,
    guide: Vec<(f64, f64)>,
    points: Vec<(f64, f64)>,
    marks: Vec<(f64, f64)>,
}

struct Axes {
    title: String,
    x: String,
    y: String,
    x_range: (f64, f64),
    y_range: (f64, f64),
}

impl Axes {
    fn draw(&self, content: &Content) -> Result<String> {
        let mut svg = String::new();
        {
            let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
            self.draw_on(&area, content)
                .and_then(|()| area.present())
                .map_err(|error| Error::Plot { reason: error.to_string() })?;
        }
        Ok(svg)
    }

    fn draw_on<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        content: &Content,
    ) -> std::result::Result<(), DrawingAreaErrorKind<B::ErrorType>> {
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .caption(&self.title, (FONT, TITLE_SIZE))
            .margin(MARGIN)
            .x_label_area_size(LABEL_AREA)
            .y_label_area_size(LABEL_AREA)
            .build_cartesian_2d(self.x_range.0..self.x_range.1, self.y_range.0..self.y_range.1)?;
        chart
            .configure_mesh()
            .x_desc(&self.x)
            .y_desc(&self.y)
            .label_style((FONT, LABEL_SIZE))
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID)
            .draw()?;
        chart.draw_series(LineSeries::new(content.guide.iter().copied(), GUIDE.stroke_width(1)))?;
        chart.draw_series(LineSeries::new(content.line.iter().copied(), LINE.stroke_width(LINE_WIDTH)))?;
        chart
            .draw_series(content.points.iter().map(|&point| Circle::new(point, POINT_SIZE, LINE.filled())))?;
        let size = if content.points.is_empty() { MARK_SIZE } else { POINT_SIZE };
        chart.draw_series(content.marks.iter().map(|&point| Circle::new(point, size, MARK.filled())))?;
        Ok(())
    }
}

/// The values' range, padded; of one value or none, 1 wide.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::MAX, f64::MIN), |range, value| (range.0.min(value), range.1.max(value)));
    if low < high {
        let padding = PADDING * (high - low);
        (low - padding, high + padding)
    } else {
        let centre = if low == high { low } else { 0.0 };
        (centre - 0.5, centre + 0.5)
    }
}

/// The line of least squares at both ends of a range; nothing where `x` does not vary.
fn least_squares(points: &[(f64, f64)], range: (f64, f64)) -> Vec<(f64, f64)> {
    let number = points.len() as f64;
    let mean = |value: fn(&(f64, f64)) -> f64| points.iter().map(value).sum::<f64>() / number;
    let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
    let squares: f64 = points.iter().map(|point| (point.0 - mean_x).powi(2)).sum();
    let products: f64 = points.iter().map(|point| (point.0 - mean_x) * (point.1 - mean_y)).sum();
    let slope = products / squares;
    if !slope.is_finite() {
        return Vec::new();
    }
    [range.0, range.1].map(|x| (x, mean_y + slope * (x - mean_x))).to_vec()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_line_of_least_squares_goes_through_points_on_a_line() {
        // Means and slope without rounding.
        let line = least_squares(&[(0.0, 1.0), (1.0, 3.0), (5.0, 11.0)], (-1.0, 5.0));
        assert_eq!(line, [(-1.0, -1.0), (5.0, 11.0)]);
        assert_eq!(least_squares(&[(2.0, 1.0), (2.0, 3.0)], (1.0, 3.0)), []);
        assert_eq!(least_squares(&[], (0.0, 1.0)), []);
    }

    #[test]
    fn axes_hold_every_point_and_have_a_width() {
        let (low, high) = range([3.0, 7.0, 5.0].into_iter());
        assert!(low < 3.0 && high > 7.0);
        assert_eq!(range([2.0].into_iter()), (1.5, 2.5));
        assert_eq!(range(std::iter::empty()), (-0.5, 0.5));
    }

    #[test]
    fn a_title_cannot_break_out_of_the_picture() {
        let svg = scatter("<script> & \"", ["x", "y"], &[(0.0, 0.0), (1.0, 2.0)], &[(0.5, 1.0)]).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(!svg.contains("<script>"), "{svg}");
        assert_eq!(svg.matches("<circle").count(), 3, "{svg}");
    }
}
