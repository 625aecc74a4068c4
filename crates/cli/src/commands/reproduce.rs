use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use pulmo::jobs::study;
use pulmo::kernels::keep_freed_memory;
use pulmo::study::{Study, StudyConfig};
use serde_json::json;

use crate::console::Console;
use crate::exit::{Done, Outcome};
use crate::options::{DataOption, DeviceOption};

/// Run a whole study from one configuration file, such as the paper's
///
/// Stop it whenever you like: the same command goes on where it was, and ends with the same report. docs/studies has the
/// paper's study (full.toml) and a small one that takes minutes (small.toml).
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Reproduce {
    /// The study, as TOML or JSON
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    #[command(flatten)]
    data: DataOption,
    /// Folder for folds, networks, results, tables and report.md
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Check configuration and data set, and say what would be trained, without training
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    device: DeviceOption,
}

const EXAMPLES: &str = "\
Examples:
  pulmo reproduce --config docs/studies/small.toml --data COVID-QU-Ex --out study
  pulmo reproduce --config docs/studies/full.toml --data COVID-QU-Ex --out study --dry-run";

impl Reproduce {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        keep_freed_memory();
        let config = StudyConfig::load(&self.config)?;
        let opened = Study::open(config, &self.data.data, &self.out, &self.device.open()?)?;
        if self.dry_run {
            let (cells, trainings) = (opened.cells(), opened.trainings());
            let mut text = String::new();
            for cell in &cells {
                writeln!(text, "{cell}")?;
            }
            writeln!(text, "{trainings} trainings")?;
            console.result(text, &json!({ "cells": cells, "trainings": trainings }))?;
            return Ok(Done::All);
        }
        let table = study(&opened, &console.observer())?;
        console.result(table.to_markdown(), &table)?;
        Ok(Done::All)
    }
}
