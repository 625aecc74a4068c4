//! Configuration of a feature pyramid.

use burn::prelude::Device;
use pulmo_nn::{Conv2dConfig, SpatialDropout};
use serde::{Deserialize, Serialize};

use super::FpnDecoder;
use super::block::{GROUPS, LateralBlock, SegmentationBlock};
use crate::{Error, Interpolation, Result, features};

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

/// Configuration of an [`FpnDecoder`]. Default: SMP's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FpnConfig {
    /// Channels of each pyramid level: SMP's `decoder_pyramid_channels`. Default 256.
    pub pyramid_channels: usize,
    /// Channels of each level before they are merged, a multiple of 32: SMP's `decoder_segmentation_channels`.
    /// Default 128.
    pub segmentation_channels: usize,
    /// How the levels are merged: SMP's `decoder_merge_policy`.
    pub merge: MergePolicy,
    /// Probability, in [0, 1), that a channel is dropped in training: SMP's `decoder_dropout`. Default 0.2.
    pub dropout: f64,
    /// How the coarser level is doubled on the way down: SMP's `decoder_interpolation`. The blocks behind the pyramid
    /// are bilinear always, as in SMP.
    pub interpolation: Interpolation,
}

impl Default for FpnConfig {
    fn default() -> Self {
        Self {
            pyramid_channels: Self::PYRAMID_CHANNELS,
            segmentation_channels: Self::SEGMENTATION_CHANNELS,
            merge: MergePolicy::default(),
            dropout: Self::DROPOUT,
            interpolation: Interpolation::default(),
        }
    }
}

impl FpnConfig {
    /// SMP's channels of each pyramid level.
    pub const PYRAMID_CHANNELS: usize = 256;
    /// SMP's channels of each level before they are merged.
    pub const SEGMENTATION_CHANNELS: usize = 128;
    /// SMP's probability that a channel is dropped in training.
    pub const DROPOUT: f64 = 0.2;

    /// With other channels of each pyramid level.
    #[must_use]
    pub fn with_pyramid_channels(mut self, channels: usize) -> Self {
        self.pyramid_channels = channels;
        self
    }

    /// With other channels of each level before they are merged, a multiple of 32.
    #[must_use]
    pub fn with_segmentation_channels(mut self, channels: usize) -> Self {
        self.segmentation_channels = channels;
        self
    }

    /// With another way to merge.
    #[must_use]
    pub fn with_merge(mut self, merge: MergePolicy) -> Self {
        self.merge = merge;
        self
    }

    /// With another probability that a channel is dropped in training, in [0, 1).
    #[must_use]
    pub fn with_dropout(mut self, dropout: f64) -> Self {
        self.dropout = dropout;
        self
    }

    /// With another interpolation on the way down.
    #[must_use]
    pub fn with_interpolation(mut self, interpolation: Interpolation) -> Self {
        self.interpolation = interpolation;
        self
    }

    /// Channels of the decoded map.
    pub fn out_channels(&self) -> usize {
        match self.merge {
            MergePolicy::Add => self.segmentation_channels,
            MergePolicy::Cat => self.segmentation_channels * LEVELS,
        }
    }

    /// Checks the values for a pyramid of `feature_channels`, the input first, without building anything.
    ///
    /// # Errors
    /// [`Error::PyramidLevels`], [`Error::EmptyFeature`], [`Error::PyramidChannels`], [`Error::TooManyChannels`],
    /// [`Error::Groups`] and [`Error::Dropout`].
    pub fn validate(&self, feature_channels: &[usize]) -> Result<()> {
        let levels = feature_channels.len();
        if levels < LEVELS {
            return Err(Error::PyramidLevels { levels, needed: LEVELS });
        }
        features::check(feature_channels)?;
        if self.pyramid_channels == 0 {
            return Err(Error::PyramidChannels);
        }
        let channels = self.segmentation_channels;
        features::check_limit("pyramid level", self.pyramid_channels)?;
        features::check_limit("segmentation block", channels)?;
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

    /// Builds the decoder on `device` for a pyramid of `feature_channels`, the input first, of which the last four are
    /// used.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn init(&self, feature_channels: &[usize], device: &Device) -> Result<FpnDecoder> {
        self.validate(feature_channels)?;
        let pyramid = self.pyramid_channels;
        let finest = feature_channels.len() - LEVELS;
        let level = |index: usize| feature_channels[finest + index];
        let lateral = |index| LateralBlock::new(pyramid, level(index), self.interpolation, device);
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
