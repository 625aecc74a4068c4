//! What a person decides is honoured and never lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_compile::{Error, Progress};
use pulmo_data::Class;
use support::{Bench, SIDE, changed, phantom, tree};

fn bench() -> Bench {
    let bench = Bench::new();
    bench.phantom("all/normal/good.png", 1);
    bench.save("all/normal/white.png", &changed(phantom(SIDE, 2).xray(), |value| value * 3.0));
    bench.save("all/normal/copy.png", &changed(phantom(SIDE, 1).xray(), |value| value * 0.95));
    bench
}

/// Writes a decision beside the image of `origin`.
fn decide(bench: &Bench, origin: &str, decision: &str) {
    let path = bench.out().join("review.csv");
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let row = rows.iter_mut().find(|row| row[column("origin")] == origin).unwrap();
    row[column("decision")] = decision.to_owned();
    row[column("note")] = "seen, by hand".to_owned();
    let mut writer = csv::Writer::from_path(&path).unwrap();
    writer.write_record(&headers).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.flush().unwrap();
}

#[test]
fn keep_and_drop_are_honoured() {
    let bench = bench();
    assert_eq!(bench.run(&["all"]).unwrap().kept().total(), 1);
    decide(&bench, "normal/white.png", "Keep");
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.kept().total(), summary.left_out("flagged")), (2, 0));
    let row =
        bench.table("manifest.csv").into_iter().find(|row| row["origin"] == "normal/white.png").unwrap();
    assert_eq!((row["flags"].as_str(), row["decision"].as_str()), ("over-exposed", "keep"));
    decide(&bench, "normal/white.png", "drop");
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.kept().total(), summary.left_out("dropped by review")), (1, 1));
    let images = tree(&bench.out()).into_keys().filter(|name| name.contains("images")).count();
    assert_eq!(images, 1, "what was dropped is no longer in the layout");
}

#[test]
fn a_near_duplicate_can_be_kept() {
    let bench = bench();
    assert_eq!(bench.run(&["all"]).unwrap().left_out("near duplicate"), 1);
    let review = bench.table("review.csv");
    let duplicate = review.iter().find(|row| row["reasons"].contains("near duplicate of")).unwrap();
    decide(&bench, &duplicate["origin"], "keep");
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.kept().total(), summary.left_out("near duplicate")), (2, 0));
}

#[test]
fn notes_and_decisions_stay_where_their_image_is_gone() {
    let bench = bench();
    bench.run(&["all"]).unwrap();
    decide(&bench, "normal/white.png", "drop");
    std::fs::remove_file(bench.source("all").join("normal/white.png")).unwrap();
    bench.run(&["all"]).unwrap();
    let row = bench.table("review.csv").into_iter().find(|row| row["origin"] == "normal/white.png").unwrap();
    assert_eq!((row["decision"].as_str(), row["note"].as_str()), ("drop", "seen, by hand"));
}

#[test]
fn a_decision_that_is_not_understood_stops_the_run_and_changes_nothing() {
    let bench = bench();
    bench.run(&["all"]).unwrap();
    decide(&bench, "normal/white.png", "perhaps");
    let before = tree(&bench.out());
    let error = bench.run(&["all"]).unwrap_err();
    assert!(matches!(&error, Error::Review { line, .. } if *line > 1), "{error}");
    assert!(error.to_string().contains("keep or drop"));
    assert_eq!(tree(&bench.out()), before);
}

#[test]
fn a_review_without_its_columns_is_refused() {
    let bench = bench();
    bench.run(&["all"]).unwrap();
    std::fs::write(bench.out().join("review.csv"), "id;decision\n1;keep\n").unwrap();
    let error = bench.run(&["all"]).unwrap_err().to_string();
    assert!(error.contains("line 1") && error.contains("commas"), "{error}");
}

#[test]
fn a_decision_saved_while_a_run_goes_on_is_kept() {
    let bench = bench();
    bench.run(&["all"]).unwrap();
    let saved = |progress| {
        if progress == Progress::Writing {
            decide(&bench, "normal/white.png", "keep");
        }
    };
    // Progress is told from one thread at this time.
    bench.compiler(&["all"]).run(&saved).unwrap();
    let row = bench.table("review.csv").into_iter().find(|row| row["origin"] == "normal/white.png").unwrap();
    assert_eq!((row["decision"].as_str(), row["note"].as_str()), ("keep", "seen, by hand"));
    assert_eq!(bench.run(&["all"]).unwrap().kept().total(), 2);
}

#[test]
fn a_class_as_the_decision_ends_a_conflict() {
    let bench = Bench::new();
    bench.phantom("all/normal/1.png", 1);
    bench.phantom("all/covid/1.png", 1);
    assert_eq!(bench.run(&["all"]).unwrap().kept().total(), 0);
    decide(&bench, "covid/1.png", "Normal");
    let summary = bench.run(&["all"]).unwrap();
    assert_eq!((summary.kept().total(), summary.kept().class(Class::Normal)), (1, 1));
    assert_eq!(bench.table("manifest.csv")[0]["decision"], "Normal");
    assert_eq!(bench.run(&["all"]).unwrap(), summary);
}

#[test]
fn a_decision_on_an_id_that_a_spreadsheet_changed_is_refused() {
    let bench = bench();
    bench.run(&["all"]).unwrap();
    let path = bench.out().join("review.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let header = text.lines().next().unwrap();
    std::fs::write(&path, format!("{header}\n1.23E+15,all,normal/white.png,Normal,,keep,\n")).unwrap();
    let error = bench.run(&["all"]).unwrap_err();
    assert!(matches!(&error, Error::Review { line: 2, .. }), "{error}");
    assert!(error.to_string().contains("16 hexadecimal digits"), "{error}");
}
