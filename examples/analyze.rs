//! From chest X-rays to infection reports, with the networks that come with Pulmo.
//!
//! `cargo run --release --example analyze -- <image or folder>... --out <folder>`
//!
//! Each X-ray gets a folder with its masks, an overlay and a report; a table and a page list them all. The program `pulmo
//! analyze` does the same with more options: other networks, scales, devices, several files at once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pulmo::pipeline::{Batch, collect_inputs};
use pulmo::prelude::*;
use pulmo::report::{CaseOutcome, text::console_line};

fn main() -> ExitCode {
    let mut inputs: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let option = inputs.iter().position(|argument| argument == Path::new("--out"));
    let Some(option) = option.filter(|&option| option > 0 && option + 1 < inputs.len()) else {
        eprintln!("usage: analyze <image or folder>... --out <folder>");
        return ExitCode::from(2);
    };
    let out = inputs.remove(option + 1);
    inputs.remove(option);

    match analyze(&inputs, &out) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The number of files that failed.
fn analyze(inputs: &[PathBuf], out: &Path) -> Result<usize, Error> {
    // Folders are searched for images; files of one name are numbered.
    let inputs = collect_inputs(inputs)?;
    let pipeline = Pipeline::bundled(&DeviceName::default().open()?)?;

    // A file that cannot be read is an outcome like any other; the rest is done.
    let summary = Batch::new(&pipeline, out)?.run(&inputs, &|_, _, outcome| match outcome {
        CaseOutcome::Done { report, .. } => println!("{}", console_line(report)),
        CaseOutcome::Failed { error, .. } => eprintln!("{error}"),
    })?;
    println!("{}", out.join(Batch::INDEX).display());
    Ok(summary.failed())
}
