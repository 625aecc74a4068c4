//! Convolution of blocked maps with weights packed once.

mod direct;
mod geometry;
mod method;
mod run;
mod tile;
mod transform;
mod winograd;

use direct::Direct;
use geometry::Geometry;
use run::Run;
use transform::Tiling;
use winograd::Winograd;

pub use geometry::Source;
pub use method::Method;

use super::activation::Activation;
use super::engine::Engine;
use super::map::{Map, MapMut};
use super::shape::{BLOCK, MapShape};
use crate::check::check_lengths;
use crate::scratch::Scratch;
use crate::{Conv2dShape, Error, Isa, Result};

/// What a convolution does beside convolving, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct ConvOptions<'a> {
    /// Channels of each of the maps that are read as one; empty for one map of all channels.
    pub sources: &'a [usize],
    /// `(scale, shift)`, one number for each input channel: the convolution reads `max(0, scale * x + shift)`, padded
    /// with zeros after that. Fast for 1 x 1 kernels, one more pass over the input for others.
    pub prologue: Option<(&'a [f32], &'a [f32])>,
    /// What follows after the bias and the residual have been added.
    pub activation: Activation,
    /// Zeros assumed below and to the right of the input, where they are not as many as above and to the left, which the
    /// shape's padding says: TensorFlow's "same" padding of even sizes at stride 2. Below the kernel's size.
    pub padding_behind: Option<[usize; 2]>,
    /// The method, instead of the one chosen by the shape.
    pub method: Option<Method>,
    /// The instruction set, instead of the machine's best.
    pub isa: Option<Isa>,
}

/// A prologue's numbers for every lane of every input block.
#[derive(Debug, Clone)]
struct Prologue {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

/// Weights as a method's kernels read them.
#[derive(Debug, Clone)]
enum Weights {
    Direct(Direct),
    Winograd(Winograd),
}

/// A convolution whose weights are packed for the kernels: packed once, run often.
#[derive(Debug, Clone)]
pub struct PackedConv {
    engine: Engine,
    geometry: Geometry,
    method: Method,
    weights: Weights,
    bias: Vec<f32>,
    prologue: Option<Prologue>,
    activation: Activation,
}

impl PackedConv {
    /// Packs `weight` `[O, I, KH, KW]` and `bias` `[O]`.
    ///
    /// `shape` gives kernel, stride, padding and channels; its batch and image size only guide the choice of the
    /// method, and [`Self::run`] takes any.
    ///
    /// # Errors
    /// An invalid shape, slices whose length does not fit it, sources whose channels are not the input's in total, an
    /// instruction set that the machine lacks.
    pub fn new(
        shape: &Conv2dShape,
        weight: &[f32],
        bias: Option<&[f32]>,
        options: &ConvOptions<'_>,
    ) -> Result<Self> {
        shape.validate()?;
        let engine = Engine::with_isa(options.isa.unwrap_or_else(Isa::detect))?;
        let whole = [shape.in_channels];
        let sources = if options.sources.is_empty() { &whole } else { options.sources };
        if sources.contains(&0) {
            return Err(Error::Zero { name: "channels of a source" });
        }
        let total = sources.iter().try_fold(0usize, |sum, &channels| sum.checked_add(channels));
        let (scale, shift) = options.prologue.unzip();
        check_lengths(&[
            ("sources", shape.in_channels, total.unwrap_or(usize::MAX)),
            ("weight", shape.weight_len(), weight.len()),
            ("bias", shape.out_channels, bias.map_or(shape.out_channels, <[f32]>::len)),
            ("prologue's scale", shape.in_channels, scale.map_or(shape.in_channels, <[f32]>::len)),
            ("prologue's shift", shape.in_channels, shift.map_or(shape.in_channels, <[f32]>::len)),
        ])?;
        let behind = options.padding_behind.unwrap_or(shape.padding);
        for (axis, name) in ["rows", "columns"].into_iter().enumerate() {
            let (padding, kernel) = (behind[axis], shape.kernel[axis]);
            if padding >= kernel {
                return Err(Error::Padding { axis: name, padding, kernel });
            }
        }
        let geometry = Geometry::new(shape, behind, sources, engine.isa());
        let mut padded = vec![0.0; geometry.out_blocks() * BLOCK];
        if let Some(bias) = bias {
            padded[..bias.len()].copy_from_slice(bias);
        }
        let lanes = |values: &[f32]| {
            let mut lanes = vec![0.0; geometry.in_blocks.len() * BLOCK];
            for (block, lanes) in geometry.in_blocks.iter().zip(lanes.chunks_exact_mut(BLOCK)) {
                lanes[..block.channels].copy_from_slice(&values[block.before..block.before + block.channels]);
            }
            lanes
        };
        let prologue =
            options.prologue.map(|(scale, shift)| Prologue { scale: lanes(scale), shift: lanes(shift) });
        let even = behind == shape.padding;
        let method = options.method.unwrap_or(if even { Method::choose(shape) } else { Method::Direct });
        let weights = match Tiling::of(method) {
            None => Weights::Direct(Direct::new(&geometry, weight)),
            Some(_) if !(even && Method::tiles(shape)) => return Err(Error::Method),
            Some(tiling) => Weights::Winograd(Winograd::new(&geometry, tiling, weight)),
        };
        Ok(Self { engine, method, weights, bias: padded, prologue, activation: options.activation, geometry })
    }

    /// The method in use.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Memory that the packed weights take, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let numbers = match &self.weights {
            Weights::Direct(direct) => direct.len(),
            Weights::Winograd(winograd) => winograd.len(),
        };
        numbers * size_of::<f32>()
    }

    /// Convolves the concatenation of `sources`, adds bias and `residual`, applies the activation, and writes the result
    /// to `output`.
    ///
    /// # Errors
    /// [`Error::Mismatch`] where the maps do not fit the convolution or each other, [`Error::Halo`] where a source's
    /// halo is narrower than the padding (half of it, rounded up, for an upsampled source).
    pub fn run(
        &self,
        sources: &[Source<'_>],
        residual: Option<Map<'_>>,
        output: &mut MapMut<'_>,
    ) -> Result<()> {
        self.geometry.check(sources, residual.as_ref(), output)?;
        let staged = self.prologue.is_some() && self.geometry.taps() == 1;
        let doubled = matches!(self.weights, Weights::Direct(_));
        let plain =
            |source: &Source<'_>| !(doubled && source.upsampled) && (self.prologue.is_none() || staged);
        if sources.iter().all(plain) {
            self.run_method(sources, staged, residual, output);
            return Ok(());
        }
        let written = sources.iter().enumerate().map(|(index, source)| match plain(source) {
            true => Ok(None),
            false => self.write_out(source, index).map(Some),
        });
        let written = written.collect::<Result<Vec<_>>>()?;
        let sources = sources.iter().zip(&written).map(|(source, written)| match written {
            Some((shape, data)) => Map::new(*shape, source.map.images(), data).map(Source::new),
            None => Ok(*source),
        });
        self.run_method(&sources.collect::<Result<Vec<_>>>()?, staged, residual, output);
        Ok(())
    }

    fn run_method(
        &self,
        sources: &[Source<'_>],
        staged: bool,
        residual: Option<Map<'_>>,
        output: &MapMut<'_>,
    ) {
        let run = Run {
            isa: self.engine.isa(),
            geometry: &self.geometry,
            bias: &self.bias,
            prologue: self.prologue.as_ref().filter(|_| staged),
            activation: self.activation,
            sources,
            residual,
            output,
        };
        match &self.weights {
            Weights::Direct(direct) => direct.run(&run),
            Weights::Winograd(winograd) => winograd.run(&run),
        }
    }

    /// The source as the taps see it, in scratch memory.
    fn write_out(&self, source: &Source<'_>, index: usize) -> Result<(MapShape, Scratch)> {
        let (map, [height, width]) = (source.map, source.size());
        let halo = self.geometry.halo();
        let shape = MapShape::new(map.shape().channels(), height, width, halo)?;
        let mut data = Scratch::take(shape.len(map.images())?);
        let mut written = MapMut::new(shape, map.images(), &mut data)?;
        written.clear_halo();
        if source.upsampled {
            self.engine.upsample_nearest(2, &map, &mut written)?;
        }
        if let Some(prologue) = self.prologue.as_ref().filter(|_| self.geometry.taps() > 1) {
            let first =
                self.geometry.in_blocks.iter().position(|block| block.source == index).unwrap_or(0) * BLOCK;
            let lanes = first..first + shape.blocks() * BLOCK;
            let (scale, shift) = (&prologue.scale[lanes.clone()], &prologue.shift[lanes]);
            if source.upsampled {
                self.engine.scale_shift_lanes_in_place(scale, shift, true, &mut written);
            } else {
                self.engine.scale_shift_lanes(scale, shift, true, &map, &mut written);
            }
        }
        Ok((shape, data))
    }
}
