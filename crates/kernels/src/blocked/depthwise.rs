//! Depthwise convolution of blocked maps: each channel by a kernel of its own.

use super::activation::{Activation, SiluOfRows};
use super::engine::{Engine, check_size, same};
use super::lanes::{Entry, Kernel, Lanes, entry, relu};
use super::map::{Map, MapMut};
use super::parallel::for_each_rows;
use super::shape::BLOCK;
use crate::check::check_lengths;
use crate::scratch::Line;
use crate::{DepthwiseShape, Error, Isa, Result};

/// A row of outputs of one block.
///
/// Valid where `x`, what tap (0, 0) of the first output reads, is readable for 16 lanes at every tap of `pixels`
/// outputs, `weights` at `0..taps * 16`, `bias` at `0..16`, and `out` writable at `0..pixels * 16`.
struct RowArguments {
    x: *const f32,
    row_len: usize,
    kernel: [usize; 2],
    /// Input pixels between outputs.
    step: usize,
    weights: *const f32,
    bias: *const f32,
    relu: bool,
    pixels: usize,
    out: *mut f32,
}

/// A row of outputs that lie `STEP` input pixels apart; 0 stands for any number.
struct DepthwiseRow<const STEP: usize>;

impl<const STEP: usize> Kernel for DepthwiseRow<STEP> {
    type Arguments = RowArguments;

    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &RowArguments) {
        let mut pixel = 0;
        // As many sums at once as registers hold; the weights of a tap are read once for all of them.
        let most = const { S::TILES[0] };
        // SAFETY: tiles cover pixels of the row; `RowArguments` promises the rest.
        unsafe {
            while most >= 12 && a.pixels - pixel >= 12 {
                tile::<S, STEP, 12>(a, pixel);
                pixel += 12;
            }
            while most >= 6 && a.pixels - pixel >= 6 {
                tile::<S, STEP, 6>(a, pixel);
                pixel += 6;
            }
            while a.pixels - pixel >= 2 {
                tile::<S, STEP, 2>(a, pixel);
                pixel += 2;
            }
            if pixel < a.pixels {
                tile::<S, STEP, 1>(a, pixel);
            }
        }
    }
}

/// `T` outputs from `pixel` on.
///
/// # Safety
/// The instruction set must be there, the arguments valid, and the outputs the row's.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "constant bounds, unrolled into registers")]
unsafe fn tile<S: Lanes, const STEP: usize, const T: usize>(a: &RowArguments, pixel: usize) {
    let step = if STEP == 0 { a.step } else { STEP } * BLOCK;
    // SAFETY: the caller vouches for the arguments.
    unsafe {
        let mut sums = [S::load(a.bias); T];
        let mut weights = a.weights;
        let start = a.x.add(pixel * step);
        for ky in 0..a.kernel[0] {
            for kx in 0..a.kernel[1] {
                let x = start.add(ky * a.row_len + kx * BLOCK);
                let weight = S::load(weights);
                for t in 0..T {
                    sums[t] = S::multiply_add(S::load(x.add(t * step)), weight, sums[t]);
                }
                weights = weights.add(BLOCK);
            }
        }
        for t in 0..T {
            let sum = if a.relu { relu::<S>(sums[t]) } else { sums[t] };
            S::store(a.out.add((pixel + t) * BLOCK), sum);
        }
    }
}

/// A depthwise convolution whose weights are packed for the kernels: packed once, run often.
///
/// With any kernel, stride and padding; the padding before a map may differ from that behind it.
#[derive(Debug, Clone)]
pub struct PackedDepthwise {
    engine: Engine,
    shape: DepthwiseShape,
    /// `[block][kernel row][kernel column]` of 16 channels.
    weights: Vec<Line>,
    /// `[block]` of 16 channels.
    bias: Vec<Line>,
    activation: Activation,
}

impl PackedDepthwise {
    /// Packs `weight` `[C, 1, KH, KW]` and `bias` `[C]`. The shape's batch and image size only need to be valid;
    /// [`Self::run`] takes any. Without `isa`, the machine's best instruction set is used.
    ///
    /// # Errors
    /// An invalid shape, slices whose length does not fit it, an instruction set that the machine lacks.
    pub fn new(
        shape: &DepthwiseShape,
        weight: &[f32],
        bias: Option<&[f32]>,
        activation: Activation,
        isa: Option<Isa>,
    ) -> Result<Self> {
        shape.validate()?;
        let engine = Engine::with_isa(isa.unwrap_or_else(Isa::detect))?;
        let channels = shape.channels;
        check_lengths(&[
            ("weight", shape.weight_len(), weight.len()),
            ("bias", channels, bias.map_or(channels, <[f32]>::len)),
        ])?;
        let (blocks, taps) = (channels.div_ceil(BLOCK), shape.taps());
        let mut weights = vec![Line::ZERO; blocks * taps];
        let lanes = Line::flatten_mut(&mut weights);
        for (channel, kernel) in weight.chunks_exact(taps).enumerate() {
            let first = channel / BLOCK * taps * BLOCK + channel % BLOCK;
            for (tap, value) in kernel.iter().enumerate() {
                lanes[first + tap * BLOCK] = *value;
            }
        }
        let mut padded = vec![Line::ZERO; blocks];
        if let Some(bias) = bias {
            Line::flatten_mut(&mut padded)[..channels].copy_from_slice(bias);
        }
        Ok(Self { engine, shape: *shape, weights, bias: padded, activation })
    }

    /// Memory that the packed weights take, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.weights.len() * BLOCK * size_of::<f32>()
    }

    /// Convolves `input`, adds the bias, applies the activation and writes the result to `output`.
    ///
    /// # Errors
    /// [`Error::Mismatch`] where the maps do not fit the convolution or each other, [`Error::KernelTooLarge`] where the
    /// kernel does not fit the padded input, [`Error::Halo`] where the input's halo is narrower than the padding.
    pub fn run(&self, input: &Map<'_>, output: &mut MapMut<'_>) -> Result<()> {
        let (from, to) = (input.shape(), output.shape());
        let shape = DepthwiseShape { batch: 1, size: [from.height(), from.width()], ..self.shape };
        same("input channels", shape.channels, from.channels())?;
        shape.validate()?;
        check_size(input, shape.out_size(), output)?;
        let DepthwiseShape { kernel, stride, before, after, .. } = shape;
        let needed = before.into_iter().chain(after).max().unwrap_or(0);
        if from.halo() < needed {
            return Err(Error::Halo { halo: from.halo(), needed });
        }
        let (isa, taps) = (self.engine.isa(), shape.taps());
        let row: Entry<RowArguments> = match stride[1] {
            1 => entry::<DepthwiseRow<1>>(isa),
            2 => entry::<DepthwiseRow<2>>(isa),
            _ => entry::<DepthwiseRow<0>>(isa),
        };
        let silu = SiluOfRows::of(self.activation, isa);
        let (weights, bias) = (Line::flatten(&self.weights), Line::flatten(&self.bias));
        let output = &*output;
        let cost = to.width() * taps * BLOCK;
        for_each_rows(output.images(), to.blocks(), to.height(), cost, |image, block, rows| {
            for y in rows {
                // SAFETY: the halo is as wide as the padding on every side, and the output's size is that of the
                // convolution, so every tap lies within the map and its halo; weights and bias have numbers for every
                // block; no row of a block is given twice; the instruction set has been checked.
                unsafe {
                    let origin =
                        input.pixel(image, block).sub(before[0] * from.row_len() + before[1] * BLOCK);
                    let out = output.pixel(image, block).add(y * to.row_len());
                    row(&RowArguments {
                        x: origin.add(y * stride[0] * from.row_len()),
                        row_len: from.row_len(),
                        kernel,
                        step: stride[1],
                        weights: weights[block * taps * BLOCK..].as_ptr(),
                        bias: bias[block * BLOCK..].as_ptr(),
                        relu: self.activation == Activation::Relu,
                        pixels: to.width(),
                        out,
                    });
                    silu.apply(out, to.width());
                }
            }
        });
        Ok(())
    }
}
