//! The line that is printed.

use crate::run::{run, stderr};

fn options<'a>(network: &'a str, mode: &'a str, size: &'a str) -> [&'a str; 12] {
    ["--network", network, "--mode", mode, "--batch", "1", "--threads", "1", "--runs", "3", "--size", size]
}

#[test]
fn both_modes_print_one_line_of_json() {
    for mode in ["forward", "train"] {
        let output = run("measure", options("unet-resnet18", mode, "32"));
        assert!(output.status.success(), "{}", stderr(&output));
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(printed.lines().count(), 1, "{printed}");
        let line: serde_json::Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(line["network"], "unet-resnet18");
        assert_eq!(line["mode"], mode);
        assert_eq!((&line["batch"], &line["threads"]), (&1.into(), &1.into()));
        let mut runs: Vec<f64> =
            line["runs_ms"].as_array().unwrap().iter().map(|run| run.as_f64().unwrap()).collect();
        runs.sort_by(f64::total_cmp);
        let figure = |name: &str| line[name].as_f64().unwrap();
        assert_eq!(runs, [figure("min_ms"), figure("median_ms"), figure("max_ms")], "{mode}");
        assert!(runs[0] > 0.0);
        assert_eq!(line["peak_rss_mb"].is_number(), cfg!(target_os = "linux"), "{line}");
    }
}

#[test]
fn unusable_options_are_refused() {
    let refused = |network, mode, size, reason: &str| {
        let output = run("measure", options(network, mode, size));
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    };
    refused("unet-resnet19", "forward", "32", "resnet19");
    refused("unet-resnet18", "forward", "40", "pad it to 64 x 64");
    refused("unet-resnet18", "sideways", "32", "sideways");
    let mut none = options("unet-resnet18", "forward", "32");
    none[9] = "0";
    assert!(!run("measure", none).status.success());
}
