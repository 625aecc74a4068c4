//! Figures over folds, worked out by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo_data::Class;
use pulmo_evaluation::table::{Figure, Subject};
use pulmo_metrics::{ConfusionCounts, MASK_METRICS, MaskScores, Metric};
use pulmo_segmentation::{Scheme, Task};
use pulmo_study::{CaseResult, Cell, CellResult, NetworkName, StudyTable, figures_of, paper_figure};

fn network(name: &str) -> NetworkName {
    name.parse().unwrap()
}

/// A mask of 100 pixels, half of them infected, of which `hit` are found.
fn covid(id: &str, hit: u64, detected: bool) -> CaseResult {
    let counts = ConfusionCounts::new(hit, 50 - hit, 50 - hit, hit);
    CaseResult {
        id: id.to_owned(),
        class: Class::Covid19,
        masks: MaskScores::from_counts(counts),
        detected: Some(detected),
    }
}

fn normal(id: &str, detected: bool) -> CaseResult {
    let counts = ConfusionCounts::new(0, 0, 0, 100);
    CaseResult {
        id: id.to_owned(),
        class: Class::Normal,
        masks: MaskScores::from_counts(counts),
        detected: Some(detected),
    }
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

    let dsc = row.entry(Figure::mean(Subject::InfectionCovid, &Metric::Dsc)).unwrap();
    // Fold 0: 0.8; fold 1: the mean of 0.6 and 0.4.
    assert!(close(dsc.mean, 0.65), "{}", dsc.mean);
    assert!(close(dsc.std.unwrap(), 0.15 * 2_f64.sqrt()));
    assert!(close(dsc.pooled.estimate.value, 0.6), "{}", dsc.pooled.estimate.value);
    assert_eq!(dsc.pooled.estimate.n, 3);
    assert_eq!(dsc.pooled.same_published, None);

    let all = row.entry(Figure::mean(Subject::InfectionAll, &Metric::Dsc)).unwrap();
    assert!(
        close(all.pooled.estimate.value, (0.8 + 1.0 + 0.6 + 0.4 + 1.0) / 5.0),
        "empty against empty counts as 1"
    );
    assert!(close(all.pooled.same_published.unwrap().value, 0.8708));

    let sensitivity = row.entry(Figure::detection(&Metric::Sensitivity)).unwrap();
    assert!(close(sensitivity.mean, 0.75) && close(sensitivity.pooled.estimate.value, 2.0 / 3.0));
    assert_eq!(sensitivity.pooled.estimate.n, 3);
}

#[test]
fn schemes_are_compared_image_by_image() {
    let table = StudyTable::new(&both_schemes()).unwrap();
    let difference = |figure| table.differences.iter().find(|found| found.figure == figure).unwrap();
    let dsc = difference(Figure::mean(Subject::InfectionCovid, &Metric::Dsc));
    // Every infected image gains 0.1, so the interval has no width.
    let interval = dsc.difference.interval;
    assert!(close(dsc.difference.value, 0.1) && interval.width() < 1e-12, "{:?}", dsc.difference);
    assert_eq!(dsc.difference.n, 3);
    let all = difference(Figure::mean(Subject::InfectionAll, &Metric::Dsc));
    assert!(close(all.difference.value, 0.06) && all.difference.n == 5);
    assert!((all.paper.unwrap() + 0.0024).abs() < 1e-9);
    assert!(close(difference(Figure::detection(&Metric::Sensitivity)).difference.value, 1.0 / 3.0));
    assert!(close(difference(Figure::detection(&Metric::Specificity)).difference.value, 0.0));

    let parallel = both_schemes().into_iter().filter(|result| result.cell.scheme == Scheme::Parallel);
    assert!(StudyTable::new(&parallel.collect::<Vec<_>>()).unwrap().differences.is_empty());
}

#[test]
fn the_papers_figures_stand_beside_its_networks_alone() {
    let dsc = Figure::mean(Subject::Lung, &Metric::Dsc);
    let lung = |name: &str| paper_figure(&dsc, Scheme::Parallel, network(name)).map(|found| found.value);
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

#[test]
fn columns_and_lines_are_those_of_before_and_every_metric_has_its_own() {
    let table = StudyTable::new(&both_schemes()).unwrap();
    let text = String::from_utf8(table.to_csv().unwrap()).unwrap();
    let header = "task,scheme,network,subject,metric,folds,mean_over_folds,std_over_folds,pooled,low,high,n,paper_half_width,\
                  paper,unit,better";
    assert_eq!(text.lines().next(), Some(header));
    let titles = |task| figures_of(task).iter().map(Figure::label).collect::<Vec<_>>();
    assert_eq!(titles(Task::Lung)[..3], ["DSC", "IoU", "pixel accuracy"]);
    let infection = titles(Task::Infection);
    let decisions = ["sensitivity", "specificity", "accuracy", "precision", "F1"];
    assert_eq!(infection[infection.len() - 5..], decisions);
    assert_eq!(infection.len(), 2 * MASK_METRICS.len() + 5);
    let markdown = table.to_markdown();
    for metric in MASK_METRICS {
        for title in [format!("| {} |", metric.label()), format!("| {}, COVID-19 |", metric.label())] {
            assert!(markdown.contains(&title), "{title}\n{markdown}");
        }
    }
    let json = serde_json::to_value(&table).unwrap();
    let entry = &json["rows"][0]["figures"][0];
    assert_eq!(entry["figure"], serde_json::json!({ "subject": "covid_masks", "metric": "dsc" }));
    assert_eq!((&entry["unit"], &entry["better"]), (&"share".into(), &"higher".into()));
    assert!((entry["paper_half_width"].as_f64().unwrap() - 1.96 * (0.24_f64 / 3.0).sqrt()).abs() < 1e-12);
    assert_eq!(json["differences"][0]["figure"], entry["figure"]);
}

#[test]
fn results_of_earlier_studies_are_read() {
    let cell = r#""cell":{"task":"infection","scheme":"parallel","network":"unet-resnet18","fold":1}"#;
    let case = r#"{"id":"a","class":"COVID-19","counts":{"tp":3,"fp":1,"fn":1,"tn":5},"detected":true}"#;
    let text = format!(r#"{{{cell},"curves":[],"mask_threshold":0.25,"cases":[{case}]}}"#);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("result.json"), &text).unwrap();
    let result = CellResult::load(folder.path()).unwrap().unwrap();
    let counts = ConfusionCounts::new(3, 1, 1, 5);
    assert_eq!(result.cases[0].masks, MaskScores::from_counts(counts));
    assert_eq!(serde_json::to_string(&result.cases[0]).unwrap(), case);
    // What needs the masks is left out, and everything else there.
    let table = StudyTable::new(&[result]).unwrap();
    for figure in figures_of(Task::Infection) {
        let expected = figure.metric.counted().is_some() && figure != Figure::detection(&Metric::Specificity);
        assert_eq!(table.rows[0].entry(figure).is_some(), expected, "{figure:?}");
    }
}
