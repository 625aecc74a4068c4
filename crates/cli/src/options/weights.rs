use std::path::Path;

use clap::Args;
use pulmo::jobs::WeightFile;
use pulmo::segmentation::SegmentationConfig;
use pulmo::segmentation::weights::Strictness;

/// What a file of weights does not say of its network.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct WeightFileOptions {
    /// Channels of the input
    #[arg(long, value_name = "COUNT", default_value_t = 3)]
    in_channels: usize,
    /// Output classes
    #[arg(long, value_name = "COUNT", default_value_t = 2)]
    classes: usize,
    /// How often the encoder halves the image, 3 to 5
    #[arg(long, default_value_t = 5)]
    depth: usize,
    /// Take what fits of the weights instead of demanding all of them; the rest is drawn
    #[arg(long)]
    partial: bool,
}

impl WeightFileOptions {
    /// The weights in `path`, which are of `network`.
    pub(crate) fn file(&self, path: &Path, network: &SegmentationConfig) -> WeightFile {
        let network = network
            .clone()
            .with_in_channels(self.in_channels)
            .with_classes(self.classes)
            .with_depth(self.depth);
        let mut file = WeightFile::new(path, network);
        file.strictness = if self.partial { Strictness::Partial } else { Strictness::Strict };
        file
    }
}
