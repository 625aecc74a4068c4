//! What an evaluation writes, of phantoms whose masks were moved instead of found.
#![allow(clippy::unwrap_used, clippy::panic)]

use pulmo_data::Class;
use pulmo_evaluation::{CaseEvaluation, Error, Evaluation, mask_scores};
use pulmo_findings::Probability;
use pulmo_imaging::{Mask, Phantom, PhantomInfection, PhantomSpec};
use pulmo_metrics::{ConfusionCounts, MASK_METRICS, Metric};
use serde_json::Value;

/// A mask with everything one pixel further right.
fn moved(mask: &Mask) -> Mask {
    Mask::from_fn(mask.width(), mask.height(), |x, y| x > 0 && mask.get(x - 1, y)).unwrap()
}

fn case(seed: u64, class: Class, score: f64) -> CaseEvaluation {
    let spec = PhantomSpec::new(96, seed).unwrap();
    let spec = spec.with_infection(PhantomInfection::Patchy { fraction_hint: 0.3 }).unwrap();
    let phantom = Phantom::generate(&spec).unwrap();
    let (lungs, infection) = (phantom.lungs().both(), phantom.infection());
    let true_infection = match class {
        Class::Covid19 => infection.as_mask().clone(),
        _ => Mask::empty(96, 96).unwrap(),
    };
    let found_infection =
        if class == Class::Covid19 { moved(&true_infection) } else { true_infection.clone() };
    CaseEvaluation {
        id: format!("phantom {seed}"),
        class,
        lung: Some(mask_scores(&moved(lungs.as_mask()), lungs.as_mask()).unwrap()),
        infection: Some(mask_scores(&found_infection, &true_infection).unwrap()),
        infected_percent: Some(20.0),
        true_infected_percent: Some(22.5),
        detected: Some(score >= 0.5),
        score: Some(Probability::new(score).unwrap()),
        milliseconds: 10.0 + seed as f64,
    }
}

fn cases() -> Vec<CaseEvaluation> {
    let scores = [(Class::Covid19, 0.9), (Class::Covid19, 0.3), (Class::Normal, 0.1), (Class::NonCovid, 0.6)];
    scores.into_iter().zip(0..).map(|((class, score), seed)| case(seed, class, score)).collect()
}

fn written(evaluation: &Evaluation) -> [String; 4] {
    let folder = tempfile::tempdir().unwrap();
    evaluation.write(folder.path(), "four phantoms").unwrap();
    ["figures.json", "figures.md", "figures.csv", "cases.csv"]
        .map(|name| std::fs::read_to_string(folder.path().join(name)).unwrap())
}

#[test]
fn every_metric_is_in_every_file() {
    let evaluation = Evaluation::of_cases(cases(), "fpn-densenet121", "unet-densenet121").unwrap();
    let [json, markdown, csv, per_case] = written(&evaluation);
    let json: Value = serde_json::from_str(&json).unwrap();
    for metric in MASK_METRICS {
        let name = metric.name();
        for subject in ["lung", "infection_covid", "infection_all"] {
            let n = if subject == "infection_covid" { 2 } else { 4 };
            assert_eq!(json[subject][name]["n"], n, "{subject} {name}");
            assert_eq!(
                json[subject]["pooled"][name].is_object(),
                metric.counted().is_some(),
                "{subject} {name}"
            );
        }
        let label = metric.label();
        assert!(
            markdown.contains(&format!("| infection, all images | {label}, mean over images |")),
            "{markdown}"
        );
        let row = format!("\"infection, COVID-19 images\",{name},images,");
        assert!(csv.lines().any(|line| line.starts_with(&row)), "{csv}");
        let header = per_case.lines().next().unwrap();
        for column in [format!("lung_{name}"), format!("infection_{name}")] {
            assert!(header.split(',').any(|found| found == column), "{header}");
        }
    }
    let rows = json["table"].as_array().unwrap().len();
    let pooled = MASK_METRICS.iter().filter(|metric| metric.counted().is_some()).count();
    assert_eq!(rows, 3 * (MASK_METRICS.len() + pooled) + 5);
    assert_eq!(csv.lines().count(), rows + 1);
    assert_eq!(per_case.lines().count(), 5);
}

#[test]
fn names_and_columns_are_those_of_before() {
    let evaluation = Evaluation::of_cases(cases(), "fpn-densenet121", "unet-densenet121").unwrap();
    let [json, markdown, csv, per_case] = written(&evaluation);
    let columns = "subject,figure,over,value,low,high,interval,n,images,paper_half_width,paper_best,paper_best_network,\
                   paper_same_network";
    assert!(csv.starts_with(columns), "{csv}");
    let columns = "| | figure | value | 95 % interval | ± | n | paper's best | paper, same network |\n\
                   |---|---|---|---|---|---|---|---|\n| lung | pixel accuracy, mean over images | ";
    let start = "## four phantoms\n\n";
    assert!(markdown.starts_with(&(start.to_owned() + columns)), "{markdown}");
    for column in [
        "id",
        "class",
        "lung_accuracy",
        "lung_iou",
        "lung_dsc",
        "infection_accuracy",
        "infection_iou",
        "infection_dsc",
        "infected_percent",
        "true_infected_percent",
        "score",
        "detected",
        "milliseconds",
    ] {
        assert!(per_case.lines().next().unwrap().split(',').any(|found| found == column), "{column}");
    }
    assert!(
        markdown
            .contains("Infected percentage of COVID-19 images: 2.5 points from the true masks' on average.")
    );
    assert!(markdown.contains("Median time of an analysis: 12 ms"), "{markdown}");

    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["title"], &json["cases"]), (&"four phantoms".into(), &4.into()));
    assert_eq!(json["detection"]["counts"]["tp"], 1);
    let dsc = &json["table"][2];
    assert_eq!(
        (&dsc["subject"], &dsc["metric"], &dsc["over"]),
        (&"lung".into(), &"dsc".into(), &"images".into())
    );
    assert_eq!(
        (&dsc["best_published"]["value"], &dsc["same_published"]["value"]),
        (&0.9799.into(), &0.9799.into())
    );
    assert_eq!((&dsc["images"], &dsc["estimate"]["value"]), (&4.into(), &json["lung"]["dsc"]["value"]));
}

#[test]
fn a_figure_is_the_mean_of_its_cases() {
    let cases = cases();
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
    let figures = Evaluation::of_cases(cases.clone(), "a", "b").unwrap().figures().unwrap();
    let (covid, all) = (figures.infection_covid.unwrap(), figures.infection_all.unwrap());
    assert_eq!((covid.images(), all.images()), (2, 4));
    for &metric in MASK_METRICS {
        let values: Vec<f64> = cases.iter().filter_map(|case| case.infection_figure(metric)).collect();
        assert!(values[0] < 1.0 && values[2..] == [1.0, 1.0], "{metric}: empty against empty");
        assert!((covid.mean(metric).unwrap().value - mean(values[..2].to_vec())).abs() < 1e-12, "{metric}");
        assert!((all.mean(metric).unwrap().value - mean(values)).abs() < 1e-12, "{metric}");
    }
    let counts: ConfusionCounts =
        cases.iter().filter_map(|case| Some(*case.infection.as_ref()?.counts())).sum();
    let iou = counts.tp() as f64 / (counts.total() - counts.tn()) as f64;
    assert!((all.pooled(&Metric::Iou).unwrap().value - iou).abs() < 1e-12);
}

#[test]
fn what_a_data_set_lacks_is_left_out() {
    let mut without = cases();
    for case in &mut without {
        (case.infection, case.detected, case.score, case.true_infected_percent) = (None, None, None, None);
    }
    let evaluation = Evaluation::of_cases(without, "a", "b").unwrap();
    let [json, markdown, _, per_case] = written(&evaluation);
    let json: Value = serde_json::from_str(&json).unwrap();
    for part in ["infection_covid", "infection_all", "detection", "ranking", "infected_percent_error"] {
        assert!(json[part].is_null(), "{part}");
    }
    assert!(json["lung"].is_object() && !markdown.contains("| infection"));
    let empty = ",".repeat(MASK_METRICS.len());
    assert!(per_case.lines().nth(1).unwrap().contains(&format!("{empty},20.000000,,,,")), "{per_case}");
    assert!(matches!(Evaluation::of_cases(Vec::new(), "a", "b"), Err(Error::NoCases)));
}
