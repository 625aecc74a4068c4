//! Figures over tested cases, and the tables that hold them.
#![allow(clippy::unwrap_used, clippy::panic)]

use pulmo_core::Scheme;
use pulmo_evaluation::table::{Column, Figure, Grid, Over, Row, Subject, TestedCase, published};
use pulmo_metrics::{
    ConfusionCounts, Direction, Estimate, Interval, IntervalMethod, MASK_METRICS, MaskMetric, MaskPair,
    MaskScores, Metric, Unit,
};

/// A case with an infection mask of 100 pixels, 50 of them infected, of which `hit` were found; none infected where the case
/// is not COVID-19.
struct Tested {
    covid: bool,
    masks: Option<MaskScores>,
    detected: Option<bool>,
}

impl Tested {
    fn covid(hit: u64, detected: bool) -> Self {
        let masks = MaskScores::from_counts(ConfusionCounts::new(hit, 50 - hit, 50 - hit, hit));
        Self { covid: true, masks: Some(masks), detected: Some(detected) }
    }

    fn other(detected: bool) -> Self {
        let masks = MaskScores::from_counts(ConfusionCounts::new(0, 0, 0, 100));
        Self { covid: false, masks: Some(masks), detected: Some(detected) }
    }
}

impl TestedCase for Tested {
    fn is_covid(&self) -> bool {
        self.covid
    }

    fn masks(&self, subject: Subject) -> Option<&MaskScores> {
        self.masks.as_ref().filter(|_| subject != Subject::Lung)
    }

    fn detected(&self) -> Option<bool> {
        self.detected
    }
}

fn cases() -> Vec<Tested> {
    vec![Tested::covid(40, true), Tested::other(false), Tested::covid(20, false), Tested::other(true)]
}

fn estimate(figure: Figure, cases: &[Tested]) -> Option<Estimate> {
    let cases: Vec<&Tested> = cases.iter().collect();
    let estimate = figure.estimate(&cases).unwrap();
    assert_eq!(estimate.map(|found| found.value), figure.value(&cases), "{figure:?}");
    estimate
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

/// Lengths, lower ones better, that do not follow from counts.
#[derive(Debug)]
struct Distance;

impl MaskMetric for Distance {
    fn name(&self) -> &'static str {
        "distance"
    }
    fn label(&self) -> &'static str {
        "distance"
    }
    fn unit(&self) -> Unit {
        Unit::Millimetres
    }
    fn direction(&self) -> Direction {
        Direction::LowerIsBetter
    }
    fn of_image(&self, masks: &MaskPair<'_>) -> Option<f64> {
        Some(2.0 * masks.counts().fp() as f64)
    }
}

#[test]
fn covid_images_and_all_images_are_told_apart() {
    let of = |figure| estimate(figure, &cases()).unwrap();
    let covid = of(Figure::mean(Subject::InfectionCovid, &Metric::Dsc));
    assert!(close(covid.value, 0.6) && covid.n == 2, "{covid}");
    let all = of(Figure::mean(Subject::InfectionAll, &Metric::Dsc));
    assert!(close(all.value, 0.8) && all.n == 4, "empty against empty counts as 1: {all}");
    let pooled = of(Figure::pooled(Subject::InfectionAll, &Metric::Dsc));
    // 60 of 100 infected pixels were found, and 40 others.
    assert!(close(pooled.value, 0.6) && pooled.n == 4, "{pooled}");
    assert_eq!(estimate(Figure::mean(Subject::Lung, &Metric::Dsc), &cases()), None);
}

#[test]
fn decisions_that_were_not_made_count_as_negative() {
    let mut cases = cases();
    let [sensitivity, specificity] = [&Metric::Sensitivity, &Metric::Specificity].map(Figure::detection);
    assert!(close(estimate(sensitivity, &cases).unwrap().value, 0.5));
    cases.push(Tested { covid: true, masks: None, detected: None });
    let found = estimate(sensitivity, &cases).unwrap();
    assert!(close(found.value, 1.0 / 3.0) && found.n == 3, "{found}");
    assert_eq!(estimate(specificity, &cases).unwrap().interval.method, IntervalMethod::Wilson);
    cases.iter_mut().for_each(|case| case.detected = None);
    assert_eq!(estimate(sensitivity, &cases), None);
}

#[test]
fn a_value_of_a_case_is_what_the_mean_is_made_of() {
    let cases = cases();
    for figure in Figure::means(Subject::InfectionAll).chain(Figure::means(Subject::InfectionCovid)) {
        let values: Vec<f64> = cases.iter().filter_map(|case| figure.of_case(case)).collect();
        let mean = estimate(figure, &cases);
        // What does not follow from counts was not measured on these.
        assert_eq!(mean.is_some(), figure.metric.counted().is_some(), "{figure:?}");
        if let Some(mean) = mean {
            assert!(close(values.iter().sum::<f64>() / values.len() as f64, mean.value), "{figure:?}");
        }
    }
    let of = |metric| cases.iter().map(|case| Figure::detection(metric).of_case(case)).collect::<Vec<_>>();
    assert_eq!(of(&Metric::Sensitivity), [Some(1.0), None, Some(0.0), None]);
    assert_eq!(of(&Metric::Specificity), [None, Some(1.0), None, Some(0.0)]);
    assert_eq!(of(&Metric::Accuracy), [Some(1.0), Some(1.0), Some(0.0), Some(0.0)]);
    assert_eq!(of(&Metric::Precision), [None; 4]);
}

#[test]
fn rows_are_in_the_unit_of_their_metric() {
    let interval = Interval { low: 2.0, high: 3.5, method: IntervalMethod::Bootstrap };
    let of = Estimate { value: 2.5, n: 9, interval };
    let distance = Row::new(Figure::mean(Subject::Lung, &Distance), of, 10).unwrap();
    assert_eq!(
        (distance.paper_half_width, distance.unit, distance.better),
        (None, Unit::Millimetres, Direction::LowerIsBetter)
    );
    let interval = Interval { low: 0.9, high: 0.985, method: IntervalMethod::Bootstrap };
    let of = Estimate { value: 0.95, n: 100, interval };
    let figure = Figure::pooled(Subject::Lung, &Metric::Dsc);
    let same = published(&figure, "fpn-densenet121", Scheme::Parallel);
    let dsc = Row::new(figure, of, 100).unwrap().with_published(same, same);
    assert!(close(dsc.paper_half_width.unwrap(), 1.96 * (0.95_f64 * 0.05 / 100.0).sqrt()));

    let markdown = Row::grid(&[distance, dsc]).markdown();
    for line in [
        "| lung | distance, mean over images (lower is better) | 2.50 mm | 2.00 to 3.50 |  | 9 |  |  |",
        "| lung | DSC, pooled over pixels | 95.00 % | 90.00 to 98.50 | 4.27 | 100 | 97.99 % (fpn-densenet121) | 97.99 % |",
    ] {
        assert!(markdown.lines().any(|found| found == line), "{line}\n{markdown}");
    }
    let csv = String::from_utf8(Row::csv(&[distance, dsc]).unwrap()).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[1],
        "lung,distance,images,2.500000,2.000000,3.500000,bootstrap,9,10,,,,,millimetres,lower"
    );
    assert!(
        lines[2]
            .starts_with("lung,dsc,pixels,0.950000,0.900000,0.985000,bootstrap,100,100,0.042717,0.979900,")
    );
    let json = serde_json::to_value(dsc).unwrap();
    assert_eq!(
        (&json["subject"], &json["metric"], &json["over"]),
        (&"lung".into(), &"dsc".into(), &"pixels".into())
    );
    assert_eq!((&json["unit"], &json["better"]), (&"share".into(), &"higher".into()));

    let impossible = Estimate { value: 1.5, ..of };
    assert!(Row::new(figure, impossible, 100).is_err() && Row::new(figure, of, 0).is_err());
}

#[test]
fn the_papers_figures_stand_beside_its_networks_alone() {
    let dsc = |subject| Figure::mean(subject, &Metric::Dsc);
    let value = |figure, network, scheme| published(&figure, network, scheme).map(|found| found.value);
    assert_eq!(value(dsc(Subject::Lung), "fpn-densenet121", Scheme::Parallel), Some(0.9799));
    assert_eq!(value(dsc(Subject::Lung), "fpn-densenet121", Scheme::Cascaded), None);
    assert_eq!(value(dsc(Subject::Lung), "fpn-densenet161", Scheme::Parallel), None);
    assert_eq!(value(dsc(Subject::InfectionAll), "fpn-densenet161", Scheme::Parallel), Some(0.8708));
    assert_eq!(value(dsc(Subject::InfectionAll), "fpn-densenet161", Scheme::Cascaded), Some(0.8684));
    assert_eq!(value(Figure::detection(&Metric::Dsc), "fpn-densenet161", Scheme::Parallel), None);
    assert_eq!(value(Figure::mean(Subject::Lung, &Distance), "fpn-densenet121", Scheme::Parallel), None);
    assert_eq!(
        value(Figure::detection(&Metric::Sensitivity), "unet-densenet121", Scheme::Parallel),
        Some(0.9966)
    );
}

#[test]
fn figures_are_called_by_what_they_are_of() {
    assert_eq!(Figure::mean(Subject::Lung, &Metric::Accuracy).name(), "pixel accuracy, mean over images");
    assert_eq!(Figure::detection(&Metric::Accuracy).name(), "accuracy");
    assert_eq!(Figure::pooled(Subject::Lung, &Metric::Iou).name(), "IoU, pooled over pixels");
    let one = Figure::mean(Subject::Lung, &Metric::Dsc);
    assert!(
        one == Figure::mean(Subject::Lung, MASK_METRICS[2])
            && one != Figure::pooled(Subject::Lung, &Metric::Dsc)
    );
    assert_eq!(Over::Pixels.to_string(), "pixels");
}

#[test]
fn cells_cannot_break_a_table() {
    let columns = [Column { title: "a", cell: |text: &&str| (*text).to_owned() }];
    let grid = Grid::of(&columns, &["one | two", "with \"quotes\", and commas"]);
    assert!(grid.markdown().contains("| one \\| two |"), "{}", grid.markdown());
    assert_eq!(grid.csv().unwrap(), b"a\none | two\n\"with \"\"quotes\"\", and commas\"\n");
    let mut short = Grid::new(["a", "b"]);
    short.push(["1"]);
    assert!(short.csv().is_err());
}
