//! A network's logits for a given input, for comparison with PyTorch.

use std::fmt;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use pulmo_segmentation::SegmentationConfig;
use pulmo_segmentation::weights::{Precision, StateDict, read_safetensors, write_safetensors};
use serde::Serialize;

use crate::{Error, Result, WeightFile};

/// Key of the images in the input file: `[N, C, H, W]`, not normalised any further.
const INPUT: &str = "input";
/// Key of the result in the output file: `[N, classes, H, W]`.
const LOGITS: &str = "logits";

/// Logits that were written; its `Display` is what a person wants to read of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Verified {
    /// What was loaded of the weights.
    pub loaded: String,
    /// Images, classes, rows and columns of the logits.
    pub shape: [usize; 4],
    /// The file with them.
    pub out: PathBuf,
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{LOGITS} {:?} in {}", self.loaded, self.shape, self.out.display())
    }
}

/// Runs a network on the tensor `input` `[N, C, H, W]` of a safetensors file, and writes its `logits` `[N, classes, H, W]`
/// into another.
///
/// # Errors
/// [`Error::Input`] with what is wrong with the input, and weights or files that cannot be used.
pub fn verify(weights: &WeightFile, input: &Path, out: &Path, device: &Device) -> Result<Verified> {
    let (model, report) = weights.load(device)?;
    let logits = model.forward(read_input(input, &weights.network, device)?);
    let shape = logits.dims();
    let values = logits.try_into_vec_as::<f32>().map_err(Error::output)?;
    let mut result = StateDict::default();
    result.insert(LOGITS, &shape, values)?;
    write_safetensors(out, &result, Precision::Full)?;
    Ok(Verified { loaded: report.to_string(), shape, out: out.into() })
}

fn read_input(file: &Path, network: &SegmentationConfig, device: &Device) -> Result<Tensor<4>> {
    let refused = |reason: String| Error::Input { path: file.into(), reason };
    let dict = read_safetensors(file)?;
    let (shape, values) = dict.get(INPUT).ok_or_else(|| refused(format!("it has no key '{INPUT}'")))?;
    let &[batch, channels, height, width] = shape else {
        return Err(refused(format!("'{INPUT}' has shape {shape:?}, but has to be [N, C, H, W]")));
    };
    let needed = network.encoder.in_channels;
    if batch == 0 || channels != needed {
        return Err(refused(format!(
            "'{INPUT}' has shape {shape:?}; at least one image of {needed} channels is needed"
        )));
    }
    network.check_input(height, width)?;
    Ok(Tensor::from_data(TensorData::new(values.to_vec(), [batch, channels, height, width]), device))
}
