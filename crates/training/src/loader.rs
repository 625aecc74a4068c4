//! Batches in an order that depends on seed and epoch alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::DatasetError;
use burn::tensor::Device;
use pulmo_data::{SampleCache, order};

use crate::SegmentationBatch;
use crate::batch::{Batcher, HostBatch};

/// Batches made ahead of the trainer.
const PREFETCH: usize = 2;

/// Stands for an epoch in the order by which the images are dealt out to several devices.
const SLICING: u64 = u64::MAX;

/// A data loader whose epochs are reproducible one by one, so that a resumed run sees what it would have seen.
///
/// Each call of `iter` is the next epoch. Batches are assembled on a thread of their own.
#[derive(Debug, Clone)]
pub struct BatchLoader {
    samples: Arc<SampleCache>,
    positions: Arc<Vec<usize>>,
    batcher: Batcher,
    batch: usize,
    shuffled: bool,
    device: Device,
    epoch: Arc<AtomicU64>,
}

impl BatchLoader {
    pub(crate) fn new(
        samples: Arc<SampleCache>,
        batcher: Batcher,
        batch: usize,
        shuffled: bool,
        first_epoch: u64,
        device: &Device,
    ) -> Self {
        let positions = Arc::new((0..samples.len()).collect());
        let epoch = Arc::new(AtomicU64::new(first_epoch));
        Self { samples, positions, batcher, batch, shuffled, device: device.clone(), epoch }
    }

    /// Number of steps in an epoch.
    pub fn steps(&self) -> usize {
        self.positions.len().div_ceil(self.batch)
    }
}

impl DataLoader<SegmentationBatch> for BatchLoader {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<SegmentationBatch> + 'a> {
        let epoch = self.epoch.fetch_add(1, Ordering::Relaxed);
        let total = self.positions.len();
        let positions: Vec<usize> = if self.shuffled {
            order(total, self.batcher.seed, epoch).into_iter().map(|i| self.positions[i]).collect()
        } else {
            self.positions.to_vec()
        };
        let (sender, receiver) = sync_channel(PREFETCH);
        let (samples, batcher, batch) = (Arc::clone(&self.samples), self.batcher.clone(), self.batch);
        std::thread::spawn(move || {
            for chunk in positions.chunks(batch) {
                // A closed channel means that the trainer has stopped.
                if sender.send((batcher.assemble(samples.samples(), chunk, epoch), chunk.len())).is_err() {
                    break;
                }
            }
        });
        Box::new(Batches { receiver, batcher: &self.batcher, device: &self.device, done: 0, total })
    }

    fn num_items(&self) -> usize {
        self.positions.len()
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<SegmentationBatch>> {
        Arc::new(Self { device: device.clone(), ..self.clone() })
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<SegmentationBatch>> {
        let end = end.min(self.positions.len());
        let all = if self.shuffled {
            // Images often lie in the order of their classes; each part is to have some of all.
            let order = order(self.positions.len(), self.batcher.seed, SLICING);
            order.into_iter().map(|at| self.positions[at]).collect()
        } else {
            self.positions.to_vec()
        };
        let positions = all[start.min(end)..end].to_vec();
        let epoch = Arc::new(AtomicU64::new(self.epoch.load(Ordering::Relaxed)));
        Arc::new(Self { positions: Arc::new(positions), epoch, ..self.clone() })
    }
}

struct Batches<'a> {
    receiver: Receiver<(HostBatch, usize)>,
    batcher: &'a Batcher,
    device: &'a Device,
    done: usize,
    total: usize,
}

impl Iterator for Batches<'_> {
    type Item = Result<SegmentationBatch, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (batch, count) = self.receiver.recv().ok()?;
        self.done += count;
        Some(Ok(self.batcher.upload(batch, self.device)))
    }
}

impl DataLoaderIterator<SegmentationBatch> for Batches<'_> {
    fn progress(&self) -> Progress {
        Progress::new(self.done, self.total, Some("images".to_owned()))
    }
}
