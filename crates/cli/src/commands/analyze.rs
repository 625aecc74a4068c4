use std::path::{Path, PathBuf};

use clap::Args;
use pulmo::findings::SeverityScale;
use pulmo::pipeline::{Batch, Outputs, collect_inputs};
use pulmo::report::text::console_line;
use pulmo::report::{CaseOutcome, CaseReport, Summary};
use serde::Serialize;

use crate::console::Console;
use crate::exit::{Done, Outcome};
use crate::interrupt::Stop;
use crate::options::{DeviceOption, GateOption, NetworkOptions, ThresholdOption, open_pipeline};

/// Find lungs and COVID-19 infection in chest X-rays, and write masks, overlays and reports
///
/// Every X-ray gets a folder of its own below --out, with the lung mask, the infection mask, an overlay of both and a report
/// in JSON. A table (summary.csv) and a page (index.html) list all of them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Analyze {
    /// Chest X-rays (PNG, JPEG, TIFF, BMP, WebP, DICOM), or folders of them
    #[arg(required = true, value_name = "FILE OR FOLDER")]
    inputs: Vec<PathBuf>,
    /// Folder to write into
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// How many files to analyse at once; one file already uses all cores
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
    #[command(flatten)]
    device: DeviceOption,
    #[command(flatten)]
    networks: NetworkOptions,
    #[command(flatten)]
    gate: GateOption,
    #[command(flatten)]
    threshold: ThresholdOption,
    /// Severity scale: pulmo-25-50-75, or grades from the lowest to the highest, each but the last with the percentage of the
    /// lungs that it lies below, such as "none<1,mild<25,severe"; write "NAME: " before them to name the scale
    #[arg(long, value_name = "SCALE", default_value_t)]
    severity: SeverityScale,
    /// What to write of each X-ray, with commas between: overlay, lung, infection, report, probabilities
    #[arg(long, default_value_t)]
    outputs: Outputs,
}

const EXAMPLES: &str = "\
Examples:
  pulmo analyze x-ray.png --out results
  pulmo analyze x-rays/ scans/ --out results --jobs 2
  pulmo analyze x-rays/ --out results --lung models/lung --infection models/infection
  pulmo analyze x-rays/ --out results --severity \"ward: clear<2,slight<30,grave\"
  pulmo analyze x-rays/ --out results --quiet --json > results.json";

impl Analyze {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let inputs = collect_inputs(&self.inputs)?;
        let mut networks = self.networks.options();
        networks.ungated = self.gate.ungated;
        networks.threshold = self.threshold.threshold;
        let pipeline = open_pipeline(&networks, &self.device.open()?)?.with_severity(self.severity.clone());

        let stop = Stop::looked_for();
        let batch = Batch::new(&pipeline, &self.out)?
            .with_jobs(self.jobs.into())
            .with_outputs(self.outputs.clone())
            .with_stop(stop.flag());
        let progress = console.progress("analysing", inputs.len());
        let summary = batch.run(&inputs, &|_, _, outcome| {
            match outcome {
                CaseOutcome::Done { report, .. } => console.detail(console_line(report)),
                CaseOutcome::Failed { error, .. } => console.error(error),
            }
            progress.step();
        })?;
        drop(progress);

        let result = Analyzed::new(&self.out, &summary);
        console.result(format!("{}\n", result.index.display()), &result)?;
        let failed = summary.failed();
        if failed > 0 {
            console.error(&format!("{failed} of {} files failed", summary.cases().len()));
        }
        if summary.cases().len() < inputs.len() {
            stop.check()?;
        }
        Ok(Done::with_failed(failed))
    }
}

/// The result for programs.
#[derive(Debug, Serialize)]
struct Analyzed<'s> {
    /// The page.
    index: PathBuf,
    /// The table.
    summary: PathBuf,
    cases: Vec<AnalyzedCase<'s>>,
}

/// What became of one file: a report or an error.
#[derive(Debug, Serialize)]
struct AnalyzedCase<'s> {
    file: &'s str,
    report: Option<&'s CaseReport>,
    error: Option<&'s str>,
}

impl<'s> Analyzed<'s> {
    fn new(out: &Path, summary: &'s Summary) -> Self {
        let case = |outcome: &'s CaseOutcome| AnalyzedCase {
            file: outcome.file(),
            report: outcome.report(),
            error: match outcome {
                CaseOutcome::Failed { error, .. } => Some(error),
                CaseOutcome::Done { .. } => None,
            },
        };
        Self {
            index: out.join(Batch::INDEX),
            summary: out.join(Batch::SUMMARY),
            cases: summary.cases().iter().map(case).collect(),
        }
    }
}
