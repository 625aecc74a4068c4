//! Samples as tensors.

use burn::tensor::{Device, Int, Tensor, TensorData};
use pulmo_data::{Augmentation, Sample};
use pulmo_encoders::Preprocessing;
use pulmo_segmentation::{Task, input_tensor};

/// Images and targets of one step.
#[derive(Debug, Clone)]
pub struct SegmentationBatch {
    /// Normalised images `[N, C, H, W]`.
    pub images: Tensor<4>,
    /// Class indices `[N, H, W]`: 1 in the mask, 0 elsewhere.
    pub targets: Tensor<3, Int>,
}

/// How samples become a batch.
#[derive(Debug, Clone)]
pub(crate) struct Batcher {
    pub(crate) task: Task,
    pub(crate) size: usize,
    pub(crate) channels: usize,
    pub(crate) preprocessing: Preprocessing,
    pub(crate) augmentation: Augmentation,
    pub(crate) seed: u64,
}

/// A batch on the host, made on a worker thread.
#[derive(Debug)]
pub(crate) struct HostBatch {
    images: Vec<Vec<f32>>,
    targets: Vec<i32>,
}

impl Batcher {
    /// Augments the samples at `positions`; the same (seed, epoch, position) always gives the same image.
    pub(crate) fn assemble(&self, samples: &[Sample], positions: &[usize], epoch: u64) -> HostBatch {
        let mut images = Vec::with_capacity(positions.len());
        let mut targets = Vec::with_capacity(positions.len() * self.size * self.size);
        for &position in positions {
            let augmented = self.augmentation.apply(&samples[position], self.seed, epoch, position as u64);
            let mask = match self.task {
                Task::Lung => augmented.lung(),
                Task::Infection => augmented.infection(),
            };
            targets.extend(mask.iter().map(|&value| i32::from(value)));
            images.push(augmented.xray().to_vec());
        }
        HostBatch { images, targets }
    }

    pub(crate) fn upload(&self, batch: HostBatch, device: &Device) -> SegmentationBatch {
        let pixels: Vec<&[f32]> = batch.images.iter().map(Vec::as_slice).collect();
        let shape = [pixels.len(), self.size, self.size];
        SegmentationBatch {
            images: input_tensor(&pixels, self.size, self.channels, &self.preprocessing, device),
            targets: Tensor::from_data(TensorData::new(batch.targets, shape), device),
        }
    }
}
