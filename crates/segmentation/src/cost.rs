//! What a network costs, without running it.

use pulmo_nn::interpret::{Counter, MapSize};

use crate::{Result, SegmentationModel, weights};

/// What a network costs for one image; made by [`SegmentationModel::cost`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkCost {
    parameters: u64,
    multiply_adds: u64,
    features: Vec<MapSize>,
    logits: MapSize,
}

impl NetworkCost {
    /// Trained parameters; running statistics are none.
    pub fn parameters(&self) -> u64 {
        self.parameters
    }

    /// Multiply-adds of the convolutions, and of the classification head where there is one.
    pub fn multiply_adds(&self) -> u64 {
        self.multiply_adds
    }

    /// The encoder's features, the input first.
    pub fn features(&self) -> &[MapSize] {
        &self.features
    }

    /// The logits.
    pub fn logits(&self) -> MapSize {
        self.logits
    }
}

impl SegmentationModel {
    /// Parameters, multiply-adds and sizes for one image of `height` x `width`. Computes nothing, and draws no weights
    /// that have not been used yet.
    ///
    /// # Errors
    /// [`Error::InputSize`](crate::Error::InputSize) as [`check_input`](crate::SegmentationConfig::check_input).
    pub fn cost(&self, height: usize, width: usize) -> Result<NetworkCost> {
        self.config().check_input(height, width)?;
        let input = MapSize { channels: self.config().encoder.in_channels, height, width };
        let features = self.encoder().forward_with(&mut Counter::default(), input);
        let mut counter = Counter::default();
        let (logits, _) = self.outputs_with(&mut counter, input);
        Ok(NetworkCost {
            parameters: weights::parameters(self)?,
            multiply_adds: counter.multiply_adds(),
            features,
            logits,
        })
    }
}
