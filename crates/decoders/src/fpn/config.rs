//! Configuration of a feature pyramid.

use burn::prelude::Device;
use pulmo_nn::{Conv2dConfig, SpatialDropout};
use serde::{Deserialize, Serialize};

use super::FpnDecoder;
use super::block::{GROUPS, LateralBlock, SegmentationBlock};
use crate::{Error, Result, widths};

/// Levels of the pyramid.
const LEVELS: usize = 4;

/// How the levels of the pyramid become one map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MergePolicy {
    /// Their sum: SMP's default.
    #[default]
    Add,
    /// Their channels one after another.
    Cat,
}

/// Configuration of an [`FpnDecoder`].
#[derive(Debug, Clone, PartialEq)]
pub struct FpnConfig {
    feature_channels: Vec<usize>,
    pyramid_channels: usize,
    segmentation_channels: usize,
    merge: MergePolicy,
    dropout: f64,
}

impl FpnConfig {
    /// SMP's channels of each pyramid level.
    pub const PYRAMID_CHANNELS: usize = 256;
    /// SMP's channels of each level before they are merged.
    pub const SEGMENTATION_CHANNELS: usize = 128;
    /// SMP's probability that a channel is dropped in training.
    pub const DROPOUT: f64 = 0.2;

    /// SMP's values for a pyramid of `feature_channels` (the input first), of which the last four are used.
    pub fn new(feature_channels: &[usize]) -> Self {
        Self {
            feature_channels: feature_channels.to_vec(),
            pyramid_channels: Self::PYRAMID_CHANNELS,
            segmentation_channels: Self::SEGMENTATION_CHANNELS,
            merge: MergePolicy::default(),
            dropout: Self::DROPOUT,
        }
    }

    /// With other channels of each pyramid level.
    pub fn with_pyramid_channels(mut self, channels: usize) -> Self {
        self.pyramid_channels = channels;
        self
    }

    /// With other channels of each level before they are merged, a multiple of 32.
    pub fn with_segmentation_channels(mut self, channels: usize) -> Self {
        self.segmentation_channels = channels;
        self
    }

    /// With another way to merge.
    pub fn with_merge(mut self, merge: MergePolicy) -> Self {
        self.merge = merge;
        self
    }

    /// With another probability that a channel is dropped in training, in [0, 1).
    pub fn with_dropout(mut self, dropout: f64) -> Self {
        self.dropout = dropout;
        self
    }

    /// Channels of the decoded map.
    pub fn out_channels(&self) -> usize {
        match self.merge {
            MergePolicy::Add => self.segmentation_channels,
            MergePolicy::Cat => self.segmentation_channels * LEVELS,
        }
    }

    /// Checks the values without building anything.
    ///
    /// # Errors
    /// [`Error::PyramidLevels`], [`Error::EmptyFeature`], [`Error::PyramidChannels`], [`Error::Groups`] and
    /// [`Error::Dropout`].
    pub fn validate(&self) -> Result<()> {
        let levels = self.feature_channels.len();
        if levels < LEVELS {
            return Err(Error::PyramidLevels { levels, needed: LEVELS });
        }
        widths::check_features(&self.feature_channels)?;
        if self.pyramid_channels == 0 {
            return Err(Error::PyramidChannels);
        }
        let channels = self.segmentation_channels;
        if channels == 0 || !channels.is_multiple_of(GROUPS) {
            return Err(Error::Groups {
                channels,
                groups: GROUPS,
                proposed: channels.max(1).next_multiple_of(GROUPS),
            });
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(Error::Dropout { probability: self.dropout });
        }
        Ok(())
    }

    /// Builds the decoder on `device`.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn init(&self, device: &Device) -> Result<FpnDecoder> {
        self.validate()?;
        let pyramid = self.pyramid_channels;
        let finest = self.feature_channels.len() - LEVELS;
        let level = |index: usize| self.feature_channels[finest + index];
        let lateral = |index| LateralBlock::new(pyramid, level(index), device);
        let segmentation =
            |upsamples| SegmentationBlock::new(pyramid, self.segmentation_channels, upsamples, device);
        Ok(FpnDecoder {
            p5: Conv2dConfig::new(level(3), pyramid, 1).init(device),
            p4: lateral(2),
            p3: lateral(1),
            p2: lateral(0),
            seg_blocks: (0..LEVELS).rev().map(segmentation).collect(),
            merge: self.merge,
            dropout: SpatialDropout::new(self.dropout),
        })
    }
}
