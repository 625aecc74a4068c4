//! Runs an SMP state dict on a given input and writes the logits, for comparison with PyTorch.
//!
//! `cargo run --release --example verify -- --network unet-resnet18 --weights <.pth, .pt or .safetensors>
//! --input <safetensors with key "input"> --out <safetensors>`

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use burn::tensor::{Tensor, TensorData};
use clap::Parser;
use pulmo::prelude::*;
use pulmo::segmentation::weights::{
    Precision, StateDict, Strictness, load, read, read_safetensors, write_safetensors,
};

/// Key of the images in the input file: `[N, C, H, W]`, not normalised any further.
const INPUT: &str = "input";
/// Key of the result in the output file: `[N, classes, H, W]`.
const LOGITS: &str = "logits";

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// Architecture and encoder, for example unetplusplus-densenet121
    #[arg(long)]
    network: SegmentationConfig,
    /// State dict with SMP's key names
    #[arg(long)]
    weights: PathBuf,
    /// Safetensors file with key "input"
    #[arg(long)]
    input: PathBuf,
    /// Safetensors file to write key "logits" into
    #[arg(long)]
    out: PathBuf,
    /// Channels of the input
    #[arg(long, default_value_t = 3)]
    in_channels: usize,
    /// Output classes
    #[arg(long, default_value_t = 2)]
    classes: usize,
    /// Halvings in the encoder, 3 to 5
    #[arg(long, default_value_t = 5)]
    depth: usize,
    /// Take what fits of the state dict instead of demanding all of it
    #[arg(long)]
    partial: bool,
    /// Where to compute: flex, or another backend of this build, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    device: DeviceName,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let device = options.device.open()?;
    let config = options
        .network
        .clone()
        .with_in_channels(options.in_channels)
        .with_classes(options.classes)
        .with_depth(options.depth);
    let strictness = if options.partial { Strictness::Partial } else { Strictness::Strict };
    let dict = read(&options.weights)?;
    let (model, report) = load(config.init(&device)?, &dict, strictness)?;
    println!("{report}");

    let input = input(&options.input, &config, &device)?;
    let logits = model.forward(input);
    let shape = logits.dims();
    let mut result = StateDict::default();
    result.insert(LOGITS, &shape, logits.try_into_vec_as::<f32>()?)?;
    write_safetensors(&options.out, &result, Precision::Full)?;
    println!("{LOGITS} {shape:?} in {}", options.out.display());
    Ok(())
}

fn input(file: &Path, config: &SegmentationConfig, device: &Device) -> Result<Tensor<4>, Box<dyn Error>> {
    let dict = read_safetensors(file)?;
    let Some((shape, values)) = dict.get(INPUT) else {
        return Err(format!("{} has no key '{INPUT}'", file.display()).into());
    };
    let &[batch, channels, height, width] = shape else {
        return Err(format!("'{INPUT}' has shape {shape:?}, but has to be [N, C, H, W]").into());
    };
    if batch == 0 || channels != config.encoder.in_channels {
        let needed = config.encoder.in_channels;
        return Err(format!("'{INPUT}' has shape {shape:?}; at least one image of {needed} channels").into());
    }
    config.check_input(height, width)?;
    Ok(Tensor::from_data(TensorData::new(values.to_vec(), [batch, channels, height, width]), device))
}
