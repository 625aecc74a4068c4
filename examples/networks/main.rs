//! Lists what the networks cost for one image: parameters, multiply-adds and the sizes of their features.
//!
//! `cargo run --release --example networks`, and for the document
//! `cargo run --release --example networks -- --format markdown > docs/networks.md`

mod render;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressIterator};
use pulmo::prelude::*;
use pulmo::segmentation::NetworkCost;

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// Networks to list, for example unet-resnet18,fpn-densenet121; every one by default
    #[arg(long, value_delimiter = ',')]
    network: Vec<SegmentationConfig>,
    /// Height and width of the image, divisible by 2^depth
    #[arg(long, default_value_t = 256)]
    size: usize,
    /// Depth of the encoders, 3 to 5
    #[arg(long, default_value_t = 5)]
    depth: usize,
    /// Channels of the image
    #[arg(long, default_value_t = 3)]
    in_channels: usize,
    /// Output classes
    #[arg(long, default_value_t = 2)]
    classes: usize,
    /// What to write to standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Columns for reading in a terminal
    Text,
    /// The document docs/networks.md
    Markdown,
    /// An array of objects, sizes as [channels, height, width]
    Json,
}

/// A network with its cost.
struct Row {
    config: SegmentationConfig,
    cost: NetworkCost,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<String, Box<dyn Error>> {
    let networks = if options.network.is_empty() { every_network() } else { options.network.clone() };
    let bar = ProgressBar::new(networks.len() as u64).with_prefix("counting");
    let rows = networks.into_iter().progress_with(bar).map(|config| row(config, options));
    let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
    Ok(match options.format {
        Format::Text => render::text(&rows),
        Format::Markdown => render::markdown(&rows, options.size),
        Format::Json => render::json(&rows)?,
    })
}

fn every_network() -> Vec<SegmentationConfig> {
    let networks =
        |architecture| EncoderName::ALL.map(|encoder| SegmentationConfig::new(architecture, encoder));
    Architecture::ALL.into_iter().flat_map(networks).collect()
}

fn row(config: SegmentationConfig, options: &Options) -> Result<Row, Box<dyn Error>> {
    let Options { size, depth, in_channels, classes, .. } = *options;
    let config = config.with_depth(depth).with_in_channels(in_channels).with_classes(classes);
    let cost = config.init(&DeviceName::default().open()?)?.cost(size, size)?;
    Ok(Row { config, cost })
}
