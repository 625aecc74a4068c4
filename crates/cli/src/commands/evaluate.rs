use std::error::Error;
use std::path::PathBuf;

use clap::Args;
use pulmo::evaluation::Gate;
use pulmo::findings::{OperatingPoint, Percent};
use pulmo::jobs::{Choice, EvaluateOptions, Splits, evaluate};

use crate::console::Console;
use crate::exit::{Done, Failure, Outcome};
use crate::options::{DataOption, DeviceOption, NetworkOptions, SubsetOption};

/// Evaluate lung and infection networks on labelled X-rays, as `pulmo analyze` uses them
///
/// Writes figures with their intervals (figures.md, .csv, .json), every image's figures (cases.csv), the ROC and the
/// precision-recall curve, and a page with the best and worst cases (index.html). With --calibrate, the mask threshold and
/// the detection rule are first chosen on the validation split and stored in the infection network's model folder.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Evaluate {
    #[command(flatten)]
    data: DataOption,
    /// Which images: train, val, test or all
    #[arg(long, default_value = "test")]
    split: Splits,
    #[command(flatten)]
    subset: SubsetOption,
    /// Folder to write figures, tables, plots and the page into
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    #[command(flatten)]
    device: DeviceOption,
    #[command(flatten)]
    calibration: Calibration,
    #[command(flatten)]
    networks: NetworkOptions,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Calibration")]
struct Calibration {
    /// Choose mask threshold and detection rule on the validation split, and store them in the first --infection
    #[arg(long, requires = "infection")]
    calibrate: bool,
    /// Empty infection masks where detection is negative and its score below a threshold of its own
    #[arg(long, requires = "calibrate")]
    gated: bool,
    /// Choose the detection rule with the highest sensitivity whose specificity is at least this, instead of the one with
    /// the largest Youden's J
    #[arg(long, value_name = "PERCENT", requires = "calibrate", value_parser = percent)]
    specificity: Option<Percent>,
    /// Choose the detection rule in the middle of all whose sensitivity and specificity are both at least this, instead of
    /// the one with the largest Youden's J
    #[arg(long, value_name = "PERCENT", requires = "calibrate", value_parser = percent, conflicts_with = "specificity")]
    both: Option<Percent>,
}

const EXAMPLES: &str = "\
Examples:
  pulmo evaluate --data COVID-QU-Ex --out evaluation
  pulmo evaluate --data COVID-QU-Ex --infection models/infection --calibrate --both 90 --out evaluation";

fn percent(text: &str) -> Result<Percent, Box<dyn Error + Send + Sync>> {
    Ok(Percent::new(text.parse()?)?)
}

impl Calibration {
    fn choice(&self) -> Option<Choice> {
        let point = match (self.specificity, self.both) {
            (Some(specificity), _) => OperatingPoint::SensitiveAt { specificity },
            (None, Some(least)) => OperatingPoint::BothReach { least },
            (None, None) => OperatingPoint::Youden,
        };
        let gate = if self.gated { Gate::On } else { Gate::Off };
        self.calibrate.then_some(Choice { point, gate })
    }
}

impl Evaluate {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let mut options = EvaluateOptions::new(&self.data.data, &self.out);
        options.splits = self.split;
        options.subset = self.subset.subset;
        options.networks = self.networks.options();
        options.calibrate = self.calibration.choice();
        let evaluated = evaluate(&options, &self.device.open()?, &console.observer())?;
        let mut text = String::new();
        if let Some(calibration) = &evaluated.calibration {
            text += &serde_json::to_string_pretty(calibration)?;
            text += "\n";
        }
        text += &evaluated.to_string();
        console.result(text, &evaluated)?;
        Ok::<_, Failure>(Done::All)
    }
}
