//! What the networks cost.

use serde_json::Value;

use crate::run::{repository, run, stderr};

/// Thousand million multiply-adds at 256 x 256 as measured independently, with the digits that were printed.
const MEASURED: [(&str, [&str; 5]); 3] = [
    ("unet", ["5.41", "10.6", "8.4", "16.9", "15.3"]),
    ("unetplusplus", ["16.0", "57.5", "55.2", "124", "47.0"]),
    ("fpn", ["4.4", "7.8", "6.13", "12.8", "13.0"]),
];
const ENCODERS: [&str; 5] = ["resnet18", "resnet50", "densenet121", "densenet161", "inceptionv4"];

fn printed(arguments: &[&str]) -> String {
    let output = run("networks", arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_document_is_what_the_program_writes() {
    let file = repository().join("docs/networks.md");
    let document = std::fs::read_to_string(&file).unwrap();
    let remedy = "make it again with `pulmo networks --format markdown > docs/networks.md`";
    assert!(printed(&["--format", "markdown"]) == document, "docs/networks.md is out of date; {remedy}");
}

#[test]
fn multiply_adds_are_those_of_an_independent_measurement() {
    let rows: Value = serde_json::from_str(&printed(&["--json"])).unwrap();
    let of = |name: &str| {
        let row = rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap();
        row["multiply_adds"].as_f64().unwrap() / 1e9
    };
    for (architecture, figures) in MEASURED {
        for (encoder, figure) in ENCODERS.into_iter().zip(figures) {
            let decimals = figure.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            let name = format!("{architecture}-{encoder}");
            let off = (of(&name) - figure.parse::<f64>().unwrap()).abs();
            let last_digit = 10f64.powi(-(decimals as i32));
            assert!(off <= last_digit / 2.0 + 1e-9, "{name}: {}, not {figure}", of(&name));
        }
    }
}

#[test]
fn single_networks_of_other_sizes_are_listed() {
    let text = printed(&["--network", "fpn-resnet18,unet-inceptionv4", "--depth", "3", "--size", "64"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[1].starts_with("fpn-resnet18") && lines[1].ends_with("64 x 32², 64 x 16², 128 x 8²"),
        "{text}"
    );
    let rows: Value = serde_json::from_str(&printed(&[
        "--network",
        "fpn-resnet18",
        "--in-channels",
        "1",
        "--classes",
        "4",
        "--size",
        "32",
        "--format",
        "json",
    ]))
    .unwrap();
    assert_eq!(rows[0]["logits"], serde_json::json!([4, 32, 32]));
    assert_eq!(rows[0]["features"][0], serde_json::json!([1, 32, 32]));
    assert_eq!(rows[0]["network"]["classes"], 4);
}

#[test]
fn sizes_that_do_not_fit_are_refused() {
    let output = run("networks", ["--size", "100", "--network", "unet-resnet18"]);
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(stderr(&output).contains("pad it to 128 x 128"), "{}", stderr(&output));
}
