//! A network ready to run.

use std::sync::Mutex;

use pulmo_kernels::blocked::{Arena, Engine};
use pulmo_nn::interpret::MapSize;
use pulmo_segmentation::SegmentationModel;

use crate::graph::Recorder;
use crate::program::{Memory, Program};
use crate::run::Prepared;
use crate::{Error, PlanOptions, Result};

/// A segmentation network for one size of image, folded, fused and packed for this CPU.
///
/// It runs on rayon's global pool of threads. Several threads may use one plan; each call that overlaps another has
/// working memory of its own.
#[derive(Debug)]
pub struct InferencePlan {
    engine: Engine,
    prepared: Vec<Prepared>,
    memory: Memory,
    input: Place,
    output: Place,
    /// Working memory of the last call, for the next.
    spare: Mutex<Option<Arena>>,
}

/// A map at one end of the network.
#[derive(Debug, Clone, Copy)]
struct Place {
    buffer: usize,
    size: MapSize,
}

impl Place {
    fn values(&self) -> usize {
        self.size.channels * self.size.height * self.size.width
    }
}

/// Bytes that a plan takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanMemory {
    /// Packed and transformed weights.
    pub weights: usize,
    /// Feature maps of the images that run at once.
    pub maps: usize,
}

impl InferencePlan {
    /// A plan for `model` and images of `[height, width]`.
    ///
    /// # Errors
    /// [`Error::Network`] for a size that the network cannot take, [`Error::Parameter`] and [`Error::NotFinite`] for
    /// weights that cannot be read or used, [`Error::Unsupported`] for a network that a plan cannot run.
    pub fn new(model: &SegmentationModel, size: [usize; 2]) -> Result<Self> {
        Self::with_options(model, size, &PlanOptions::default())
    }

    /// [`new`](Self::new), with choices of yours.
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`Error::Kernel`] for an instruction set that the machine lacks.
    pub fn with_options(
        model: &SegmentationModel,
        [height, width]: [usize; 2],
        options: &PlanOptions,
    ) -> Result<Self> {
        let config = model.config();
        config.check_input(height, width)?;
        let input = MapSize { channels: config.encoder.in_channels, height, width };
        let (mut recorder, x) = Recorder::new(input);
        let logits = model.forward_with(&mut recorder, x);
        let program = Program::lower(recorder.finish(logits)?.fused())?;
        let memory = Memory::assign(&program)?;
        let place = |buffer: crate::program::BufferId| Place {
            buffer: buffer.0,
            size: program.buffers[buffer.0].size,
        };
        let (input, output) = (place(program.input), place(program.output));
        let engine = match options.isa() {
            Some(isa) => Engine::with_isa(isa)?,
            None => Engine::detect(),
        };
        let sizes: Vec<MapSize> = program.buffers.iter().map(|buffer| buffer.size).collect();
        let prepare = |step| Prepared::new(step, &sizes, engine.isa(), options);
        let prepared = program.steps.into_iter().map(prepare).collect::<Result<Vec<_>>>()?;
        Ok(Self { engine, prepared, memory, input, output, spare: Mutex::new(None) })
    }

    /// `[C, H, W]` of an image.
    pub fn input_size(&self) -> [usize; 3] {
        [self.input.size.channels, self.input.size.height, self.input.size.width]
    }

    /// `[classes, H, W]` of an image's logits.
    pub fn output_size(&self) -> [usize; 3] {
        [self.output.size.channels, self.output.size.height, self.output.size.width]
    }

    /// Images `[N, C, H, W]` to logits `[N, classes, H, W]`, both in row-major order.
    ///
    /// # Errors
    /// [`Error::Input`] unless `images` holds one or more whole images.
    pub fn logits(&self, images: &[f32]) -> Result<Vec<f32>> {
        let mut logits = vec![0.0; images.len() / self.input.values().max(1) * self.output.values()];
        self.logits_into(images, &mut logits)?;
        Ok(logits)
    }

    /// [`logits`](Self::logits) into memory of the caller's; from the second call on with as many images, nothing is
    /// allocated for maps or weights.
    ///
    /// # Errors
    /// As [`logits`](Self::logits), and [`Error::Output`] unless `logits` holds as many values as there are logits.
    pub fn logits_into(&self, images: &[f32], logits: &mut [f32]) -> Result<()> {
        let values = self.input.values();
        let count = images.len().div_ceil(values).max(1);
        if images.len() != count * values {
            let [channels, height, width] = self.input_size();
            let expected = count * values;
            return Err(Error::Input {
                found: images.len(),
                expected,
                images: count,
                channels,
                height,
                width,
            });
        }
        let expected = count * self.output.values();
        if logits.len() != expected {
            return Err(Error::Output { found: logits.len(), expected });
        }
        let needed = self.memory.len * count;
        let spare = self.spare.lock().ok().and_then(|mut spare| spare.take());
        let mut arena = match spare {
            Some(arena) if arena.as_slice().len() >= needed => arena,
            _ => Arena::new(needed),
        };
        // On a thread of the pool, so that each step hands its work to the others without waking from outside.
        let result = rayon::scope(|_| self.run(&mut arena, count, images, logits));
        if let Ok(mut spare) = self.spare.lock() {
            *spare = Some(arena);
        }
        result
    }

    fn run(&self, arena: &mut Arena, images: usize, input: &[f32], logits: &mut [f32]) -> Result<()> {
        let Memory { shapes, offsets, starts, .. } = &self.memory;
        let at = |buffer: usize| (shapes[buffer], images, offsets[buffer] * images);
        let (shape, images, offset) = at(self.input.buffer);
        let mut first = arena.map_mut(shape, images, offset)?;
        first.clear_halo();
        self.engine.from_planar(input, &mut first)?;
        for (step, &begins) in self.prepared.iter().zip(starts) {
            let (shape, images, offset) = at(step.output());
            let (mut output, rest) = arena.split(shape, images, offset)?;
            if begins {
                output.clear_halo();
            }
            step.run(&self.engine, output, |buffer| {
                let (shape, images, offset) = at(buffer);
                rest.map(shape, images, offset)
            })?;
        }
        let (shape, images, offset) = at(self.output.buffer);
        Ok(self.engine.to_planar(&arena.map(shape, images, offset)?, logits)?)
    }

    /// The memory that the plan takes for `images` at once.
    pub fn memory(&self, images: usize) -> PlanMemory {
        let weights = self.prepared.iter().map(Prepared::bytes).sum();
        PlanMemory { weights, maps: self.memory.len * images * size_of::<f32>() }
    }
}
