//! The CPU, checked.

use serde_json::Value;

use crate::run::{json, run, stderr, stdout};

#[test]
fn the_cpu_passes_and_its_figures_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let markdown = path("out.md");
    let networks = "unet-resnet18,fpn-densenet121";
    let size = ["--size", "32", "--batch", "1", "--runs", "1"];
    let files = ["--json", "--markdown", &markdown];
    let output = run("backend-check", ["--networks", networks].into_iter().chain(size).chain(files));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));

    let report = json(&output);
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert_eq!(row["failure"], Value::Null);
        let figures = &row["figures"];
        // The CPU is its own reference for gradients, and PyTorch's figures are not exactly the CPU's.
        assert_eq!(figures["gradients"][0], 0.0);
        assert!(figures["logits"].as_f64().unwrap() > 0.0);
        assert!(figures["loss_after_step"].as_f64().unwrap() > 0.0);
        assert!(figures["forward_ms"].as_f64().unwrap() > 0.0 && figures["step_ms"].as_f64().unwrap() > 0.0);
    }
    let table = std::fs::read_to_string(markdown).unwrap();
    assert!(table.contains("| unet-resnet18   | ") && table.contains(" | ok "), "{table}");
}

#[test]
fn a_network_without_a_reference_fails_alone() {
    let networks = "unet-resnet34,unet-resnet18";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("table.md");
    let options = ["--networks", networks, "--runs", "0", "--markdown", file.to_str().unwrap()];
    let output = run("backend-check", options);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("1 network failed"), "{}", stderr(&output));
    let table = stdout(&output);
    assert_eq!(table, std::fs::read_to_string(file).unwrap());
    assert!(table.contains("unet-resnet34: FAILED: there is no reference for unet-resnet34"), "{table}");
    assert_eq!(table.matches("| ok ").count(), 1, "{table}");
}

#[test]
fn a_device_that_is_not_built_in_is_refused() {
    for (device, message) in [("gpu", "unknown device 'gpu'"), ("flex:1", "takes no index")] {
        let output = run("backend-check", ["--device", device]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
}
