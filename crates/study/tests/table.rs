//! Figures over folds, worked out by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo_data::Class;
use pulmo_metrics::{ConfusionCounts, Metric};
use pulmo_segmentation::{Scheme, Task};
use pulmo_study::{CaseResult, Cell, CellResult, Figure, NetworkName, StudyTable, paper_figure};

fn network(name: &str) -> NetworkName {
    name.parse().unwrap()
}

/// A mask of 100 pixels, half of them infected, of which `hit` are found.
fn covid(id: &str, hit: u64, detected: bool) -> CaseResult {
    let counts = ConfusionCounts::new(hit, 50 - hit, 50 - hit, hit);
    CaseResult { id: id.to_owned(), class: Class::Covid19, counts, detected: Some(detected) }
}

fn normal(id: &str, detected: bool) -> CaseResult {
    let counts = ConfusionCounts::new(0, 0, 0, 100);
    CaseResult { id: id.to_owned(), class: Class::Normal, counts, detected: Some(detected) }
}

fn result(scheme: Scheme, fold: usize, cases: Vec<CaseResult>) -> CellResult {
    let cell = Cell { task: Task::Infection, scheme, network: network("fpn-densenet161"), fold };
    CellResult { cell, curves: Vec::new(), mask_threshold: 0.5, decision: None, cases }
}

fn both_schemes() -> Vec<CellResult> {
    vec![
        result(Scheme::Parallel, 0, vec![covid("a", 40, true), normal("b", false)]),
        result(Scheme::Parallel, 1, vec![covid("c", 30, true), covid("d", 20, false), normal("e", true)]),
        result(Scheme::Cascaded, 0, vec![covid("a", 45, true), normal("b", false)]),
        result(Scheme::Cascaded, 1, vec![covid("c", 35, true), covid("d", 25, true), normal("e", true)]),
    ]
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

#[test]
fn means_are_over_folds_and_intervals_over_all_images() {
    let table = StudyTable::new(&both_schemes()).unwrap();
    assert_eq!(table.rows.len(), 2);
    let row = &table.rows[0];
    assert_eq!((row.scheme, row.folds, row.images), (Scheme::Parallel, 2, 5));

    let dsc = row.entry(Figure::covid(Metric::Dsc)).unwrap();
    // Fold 0: 0.8; fold 1: the mean of 0.6 and 0.4.
    assert!(close(dsc.mean, 0.65), "{}", dsc.mean);
    assert!(close(dsc.std.unwrap(), 0.15 * 2_f64.sqrt()));
    assert!(close(dsc.pooled.value, 0.6), "{}", dsc.pooled.value);
    assert_eq!(dsc.pooled.n, 3);
    assert_eq!(dsc.paper, None);

    let all = row.entry(Figure::masks(Metric::Dsc)).unwrap();
    assert!(close(all.pooled.value, (0.8 + 1.0 + 0.6 + 0.4 + 1.0) / 5.0), "empty against empty counts as 1");
    assert!(close(all.paper.unwrap(), 0.8708));

    let sensitivity = row.entry(Figure::detection(Metric::Sensitivity)).unwrap();
    assert!(close(sensitivity.mean, 0.75) && close(sensitivity.pooled.value, 2.0 / 3.0));
    assert_eq!(sensitivity.pooled.n, 3);
}

#[test]
fn schemes_are_compared_image_by_image() {
    let table = StudyTable::new(&both_schemes()).unwrap();
    let difference = |figure| table.differences.iter().find(|found| found.figure == figure).unwrap();
    let dsc = difference(Figure::covid(Metric::Dsc));
    // Every infected image gains 0.1, so the interval has no width.
    let interval = dsc.difference.interval;
    assert!(close(dsc.difference.value, 0.1) && interval.width() < 1e-12, "{:?}", dsc.difference);
    assert_eq!(dsc.difference.n, 3);
    let all = difference(Figure::masks(Metric::Dsc));
    assert!(close(all.difference.value, 0.06) && all.difference.n == 5);
    assert!((all.paper.unwrap() + 0.0024).abs() < 1e-9);
    assert!(close(difference(Figure::detection(Metric::Sensitivity)).difference.value, 1.0 / 3.0));
    assert!(close(difference(Figure::detection(Metric::Specificity)).difference.value, 0.0));

    let parallel = both_schemes().into_iter().filter(|result| result.cell.scheme == Scheme::Parallel);
    assert!(StudyTable::new(&parallel.collect::<Vec<_>>()).unwrap().differences.is_empty());
}

#[test]
fn the_papers_figures_stand_beside_its_networks_alone() {
    let lung =
        |name: &str| paper_figure(Task::Lung, Scheme::Parallel, network(name), Figure::masks(Metric::Dsc));
    assert!(close(lung("fpn-densenet121").unwrap(), 0.9799));
    assert_eq!(lung("unet-resnet18"), None);
    let table = StudyTable::new(&both_schemes()).unwrap().to_markdown();
    for part in ["| paper's DSC |", "| 87.08 |", "| 86.84 |", "| +6.00 |", "| -0.24 |"] {
        assert!(table.contains(part), "{part}\n{table}");
    }
}

#[test]
fn csv_and_json_hold_every_figure() {
    let table = StudyTable::new(&both_schemes()).unwrap();
    let text = String::from_utf8(table.to_csv().unwrap()).unwrap();
    let figures: usize = table.rows.iter().map(|row| row.figures.len()).sum();
    assert_eq!(text.lines().count(), figures + 1);
    let line = "infection,parallel,fpn-densenet161,covid_masks,dsc,2,0.650000,0.212132,0.600000,";
    assert!(text.lines().any(|found| found.starts_with(line)), "{text}");
    let json = serde_json::to_value(&table).unwrap();
    assert_eq!(json["rows"][0]["network"], "fpn-densenet161");
    assert_eq!(json["rows"][0]["figures"][0]["pooled"]["n"], 3);
}
