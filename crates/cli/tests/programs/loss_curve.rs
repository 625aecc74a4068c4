//! The steps that another framework can take again.

use std::path::Path;
use std::process::Command;

use pulmo::segmentation::weights::read_safetensors;

use crate::phantoms::data_set;
use crate::run::{stderr, stdout};

#[test]
fn weights_batches_and_losses_of_every_step_are_written() {
    let folder = Path::new(env!("CARGO_BIN_EXE_pulmo")).parent().unwrap().join("examples");
    let program = folder.join(format!("loss_curve{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        eprintln!("skipped: {} is not built; `cargo test` without --test builds it", program.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (data, out) = (folder.path().join("data"), folder.path().join("out"));
    data_set(&data, 2);
    let output = Command::new(program)
        .args([Path::new("--data"), &data, Path::new("--out"), &out])
        .args(["--size", "32", "--batch", "2", "--steps", "2", "--warmup", "2"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output).trim(), out.join("losses.csv").to_str().unwrap());

    let table = std::fs::read_to_string(out.join("losses.csv")).unwrap();
    let rates: Vec<&str> = table.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(rates, ["0.0005", "0.001"], "{table}");
    let batch = read_safetensors(&out.join("batches/00001.safetensors")).unwrap();
    assert_eq!(batch.get("images").unwrap().0, [2, 3, 32, 32]);
    assert_eq!(batch.get("targets").unwrap().0, [2, 32, 32]);
    let weights = |name: &str| std::fs::read(out.join(name)).unwrap();
    assert!(weights("initial.safetensors") != weights("final.safetensors"), "the steps changed nothing");
}
