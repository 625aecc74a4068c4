//! Infected shares against made-up scores of phantoms.

use std::path::Path;

use crate::phantoms::{data_set, picture};
use crate::run::{run, stderr};

const HEADER: &str = "part,image,brixia_senior,brixia_junior,geographic,opacity";
/// Phantoms that are in no data set; the seeds of [`data_set`] start at 1.
const FIRST_SEED: u64 = 1000;

/// Writes a phantom and its line for each row of scores, into `folder`.
fn manifest(folder: &Path, rows: &[&str]) {
    let mut lines = vec![HEADER.to_owned()];
    for (number, scores) in rows.iter().enumerate() {
        picture(&folder.join(format!("{number}.png")), FIRST_SEED + number as u64);
        lines.push(format!("any,{number}.png,{scores}"));
    }
    std::fs::write(folder.join("manifest.csv"), lines.join("\n")).unwrap();
}

fn json(file: &Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn correlations_are_given_with_and_without_near_duplicates() {
    let folder = tempfile::tempdir().unwrap();
    let (data, out) = (folder.path().join("data"), folder.path().join("out"));
    data_set(&data, 1);
    manifest(folder.path(), &["4,6,1.5,1", "7,,2,", ",9,3,2", "1,1,8,", "2,3,4,"]);
    let part = data.join("Infection Segmentation Data/Infection Segmentation Data");
    // The third is a training image, the fourth a test image, and the last has no score.
    let copies = [("Train", "2.png"), ("Test", "3.png")];
    for (split, copy) in copies {
        let source = part.join(split).join(format!("COVID-19/images/COVID-19 (0) [{split}].png"));
        std::fs::copy(source, folder.path().join(copy)).unwrap();
    }
    let list = folder.path().join("manifest.csv");
    let unscored = std::fs::read_to_string(&list).unwrap() + "\nany,absent.png,,,,\n";
    std::fs::write(&list, unscored).unwrap();

    let arguments = [Path::new("--manifest"), &list, Path::new("--out"), &out];
    let output = run("severity", arguments.into_iter().chain([Path::new("--trained-on"), &data]));
    assert!(output.status.success(), "{}", stderr(&output));

    let found = json(&out.join("severity.json"));
    assert_eq!((&found["images"], &found["alike"]), (&5.into(), &1.into()), "{found}");
    let rows = found["correlations"].as_array().unwrap();
    let rows: Vec<_> =
        rows.iter().map(|row| (row["score"].as_str(), row["images"].as_str(), row["n"].as_u64())).collect();
    let expected = [("geographic_extent", 5, 4), ("opacity", 2, 1), ("brixia", 5, 4)];
    let expected: Vec<_> = expected
        .iter()
        .flat_map(|&(score, all, rest)| {
            [("all", all), ("not_alike", rest)].map(|(over, n)| (Some(score), Some(over), Some(n)))
        })
        .collect();
    assert_eq!(rows, expected);
    let extent = &found["correlations"][0];
    let r = extent["r"].as_f64().unwrap();
    for interval in ["fisher", "bootstrap"] {
        let (low, high) = (&extent[interval]["low"], &extent[interval]["high"]);
        assert!(low.as_f64().unwrap() <= r && r <= high.as_f64().unwrap(), "{extent}");
    }
    assert!(found["correlations"][2]["r"].is_null());
    assert!(found["correlations"][2]["reason"].as_str().unwrap().contains("at least 4 values"), "{found}");

    let table = std::fs::read_to_string(out.join("severity.csv")).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines[0],
        "image,infected_percent,geographic_extent,opacity,brixia,closest_training_image,correlation"
    );
    assert_eq!(lines.len(), 6);
    assert!(lines[1].contains(",1.500,1.000,5.000,"), "the readers are averaged: {table}");
    assert!(lines[2].contains(",2.000,,7.000,"), "one reader counts alone: {table}");
    assert!(lines[3].contains("COVID-19 (0) [Train]") && lines[3].ends_with("1.000"), "{table}");
    let markdown = std::fs::read_to_string(out.join("severity.md")).unwrap();
    assert_eq!(markdown.as_bytes(), output.stdout);
    for plot in ["geographic_extent.svg", "opacity.svg", "brixia.svg"] {
        assert!(std::fs::read_to_string(out.join(plot)).unwrap().starts_with("<svg"));
    }

    let output = run("severity", arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    let alone = json(&out.join("severity.json"));
    assert_eq!(alone["correlations"].as_array().unwrap().len(), 3);
    assert_eq!(alone["correlations"][0], found["correlations"][0]);
    assert!(alone["alike"].is_null());
}

#[test]
fn what_cannot_be_used_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (list, out) = (folder.path().join("manifest.csv"), folder.path().join("out"));
    let cases = [
        ("1,1,9,1", "geographic_extent is 9; it must lie in 0..=8"),
        ("1,19,,", "brixia is 19"),
        ("1,1,NaN,", "geographic_extent is NaN"),
        ("1,1,many,", "line: 2"),
        (",,,", "no image has a score"),
    ];
    for (scores, message) in cases {
        manifest(folder.path(), &[scores]);
        let output = run("severity", [Path::new("--manifest"), &list, Path::new("--out"), &out]);
        assert!(!output.status.success());
        assert!(stderr(&output).contains(message), "{scores}: {}", stderr(&output));
    }
    manifest(folder.path(), &["1,1,1,1", "2,2,2,2"]);
    std::fs::write(folder.path().join("0.png"), "no picture").unwrap();
    std::fs::remove_file(folder.path().join("1.png")).unwrap();
    let output = run("severity", [Path::new("--manifest"), &list, Path::new("--out"), &out]);
    assert!(stderr(&output).contains("the data set has 2 problems:"), "{}", stderr(&output));
    assert!(!out.exists());
}
