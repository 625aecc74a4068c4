//! The `backend_check` program on the CPU.

use serde_json::Value;

use crate::run::{run, stderr};

#[test]
fn the_cpu_passes_and_its_figures_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (json, markdown) = (path("out.json"), path("out.md"));
    let networks = "unet-resnet18,fpn-densenet121";
    let size = ["--size", "32", "--batch", "1", "--runs", "1"];
    let files = ["--json", &json, "--markdown", &markdown];
    let output = run("backend_check", ["--networks", networks].into_iter().chain(size).chain(files));
    assert!(output.status.success(), "{}", stderr(&output));

    let report: Value = serde_json::from_str(&std::fs::read_to_string(json).unwrap()).unwrap();
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
    assert_eq!(table, String::from_utf8(output.stdout).unwrap());
    assert!(table.contains("| unet-resnet18   | ") && table.contains(" | ok "), "{table}");
}

#[test]
fn a_network_without_a_reference_fails_alone() {
    let networks = "unet-resnet34,unet-resnet18";
    let output = run("backend_check", ["--networks", networks, "--runs", "0"]);
    assert!(!output.status.success());
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.contains("unet-resnet34: FAILED: there is no reference for unet-resnet34"), "{table}");
    assert_eq!(table.matches("| ok ").count(), 1, "{table}");
}

#[test]
fn a_device_that_is_not_built_in_is_refused() {
    for (device, message) in [("gpu", "unknown device 'gpu'"), ("flex:1", "takes no index")] {
        let output = run("backend_check", ["--device", device]);
        assert!(!output.status.success() && stderr(&output).contains(message), "{}", stderr(&output));
    }
}
