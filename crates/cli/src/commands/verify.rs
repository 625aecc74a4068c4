use std::path::PathBuf;

use clap::Args;
use pulmo::jobs::verify;

use crate::console::Console;
use crate::exit::{Done, Outcome};
use crate::options::{DeviceOption, WeightFileOptions};
use pulmo::prelude::*;

/// Run a network on a given tensor and write its logits, to compare them with PyTorch's
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Verify {
    /// Architecture and encoder, for example unetplusplus-densenet121
    #[arg(long)]
    network: SegmentationConfig,
    /// State dict (.pth, .pt, .bin or .safetensors) with SMP's key names
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Safetensors file with the key "input": [images, channels, rows, columns], not normalised any further
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// Safetensors file to write the key "logits" into: [images, classes, rows, columns]
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    file: WeightFileOptions,
    #[command(flatten)]
    device: DeviceOption,
}

const EXAMPLES: &str = "\
Examples:
  pulmo verify --network unet-resnet18 --weights unet.pth --input input.safetensors --out logits.safetensors";

impl Verify {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let file = self.file.file(&self.weights, &self.network);
        let verified = verify(&file, &self.input, &self.out, &self.device.open()?)?;
        console.result(format!("{verified}\n"), &verified)?;
        Ok(Done::All)
    }
}
