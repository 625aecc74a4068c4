mod render;

use clap::{Args, ValueEnum};
use pulmo::prelude::*;
use pulmo::segmentation::NetworkCost;

use crate::console::Console;
use crate::exit::{Done, Failure, ForOption, Outcome};

/// List the networks and what they cost for one image: parameters, multiply-adds, sizes of their features
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Networks {
    /// Networks to list, with commas between them; without it, all of them
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',')]
    network: Vec<SegmentationConfig>,
    /// Height and width of the image; must be divisible by 2^depth
    #[arg(long, value_name = "PIXELS", default_value_t = 256)]
    size: usize,
    /// Depth of the encoders, 3 to 5
    #[arg(long, default_value_t = 5)]
    depth: usize,
    /// Channels of the image
    #[arg(long, value_name = "COUNT", default_value_t = 3)]
    in_channels: usize,
    /// Output classes
    #[arg(long, value_name = "COUNT", default_value_t = 2)]
    classes: usize,
    /// How to print them; --json is short for json
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  pulmo networks
  pulmo networks --network unet-resnet18,fpn-densenet121 --size 512
  pulmo networks --format markdown > docs/networks.md";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Columns for reading in a terminal
    Text,
    /// The page docs/networks.md
    Markdown,
    /// An array of objects, sizes as [channels, height, width]
    Json,
}

/// A network with its cost.
struct Row {
    config: SegmentationConfig,
    cost: NetworkCost,
}

impl Networks {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let networks = if self.network.is_empty() { every_network() } else { self.network.clone() };
        let progress = console.progress("counting", networks.len());
        let mut rows = Vec::with_capacity(networks.len());
        for network in networks {
            progress.item(&network.to_string());
            rows.push(self.row(network)?);
            progress.step();
        }
        drop(progress);
        console.out(&match self.format {
            _ if console.is_json() => render::json(&rows)?,
            Format::Text => render::text(&rows),
            Format::Markdown => render::markdown(&rows, self.size),
            Format::Json => render::json(&rows)?,
        });
        Ok(Done::All)
    }

    fn row(&self, config: SegmentationConfig) -> Result<Row, Failure> {
        let Self { size, depth, in_channels, classes, .. } = *self;
        let config = config.with_depth(depth).with_in_channels(in_channels).with_classes(classes);
        let network = config.init(&DeviceName::default().open()?).map_err(Failure::wrong_use)?;
        let cost = network.cost(size, size).for_option("--size")?;
        Ok(Row { config, cost })
    }
}

fn every_network() -> Vec<SegmentationConfig> {
    let networks =
        |architecture| EncoderName::ALL.map(|encoder| SegmentationConfig::new(architecture, encoder));
    Architecture::ALL.into_iter().flat_map(networks).collect()
}
