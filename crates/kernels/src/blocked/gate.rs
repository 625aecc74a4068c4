//! Multiplication by gates, as spatial and channel "squeeze and excitation" does (Roy et al. 2018).

use super::engine::{Engine, check_same, same};
use super::lanes::{Kernel, Lanes, entry};
use super::map::{Map, MapMut};
use super::parallel::for_each_rows;
use super::shape::BLOCK;
use crate::Result;
use crate::check::check_lengths;

/// A row of `x * (channels + pixel's gate)`.
///
/// Valid where `x` is readable and `out` writable at `0..pixels * 16`, and `gates`, unless it is null, readable at
/// every 16th element of these. `x` and `out` may be the same row.
struct GateArguments {
    x: *const f32,
    pixels: usize,
    channels: [f32; BLOCK],
    gates: *const f32,
    out: *mut f32,
}

struct GateRow;

impl Kernel for GateRow {
    type Arguments = GateArguments;

    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &GateArguments) {
        // SAFETY: every address lies within the ranges that `GateArguments` promises.
        unsafe {
            let channels = S::load(a.channels.as_ptr());
            for at in (0..a.pixels * BLOCK).step_by(BLOCK) {
                let gate =
                    if a.gates.is_null() { channels } else { S::add(channels, S::splat(*a.gates.add(at))) };
                S::store(a.out.add(at), S::mul(S::load(a.x.add(at)), gate));
            }
        }
    }
}

/// What a map is multiplied by.
#[derive(Debug, Clone, Copy)]
pub enum Gate<'a> {
    /// One number for each image and channel, `[N, C]`.
    Channels(&'a [f32]),
    /// One number for each image and pixel: a map of one channel.
    Pixels(Map<'a>),
    /// The sum of both: `x * (channels + pixels)`.
    Sum(&'a [f32], Map<'a>),
}

impl Engine {
    /// `input` times the gate.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn gate(&self, gate: Gate<'_>, input: &Map<'_>, output: &mut MapMut<'_>) -> Result<()> {
        check_same(input, output)?;
        self.gate_checked(gate, input, output)
    }

    /// [`Self::gate`] of a map in its place.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn gate_in_place(&self, gate: Gate<'_>, map: &mut MapMut<'_>) -> Result<()> {
        self.gate_checked(gate, &map.alias(), map)
    }

    fn gate_checked(&self, gate: Gate<'_>, input: &Map<'_>, output: &mut MapMut<'_>) -> Result<()> {
        let (from, to) = (input.shape(), output.shape());
        let (channels, pixels) = match gate {
            Gate::Channels(channels) => (Some(channels), None),
            Gate::Pixels(pixels) => (None, Some(pixels)),
            Gate::Sum(channels, pixels) => (Some(channels), Some(pixels)),
        };
        let needed = input.images() * from.channels();
        check_lengths(&[("channel gate", needed, channels.map_or(needed, <[f32]>::len))])?;
        if let Some(pixels) = pixels {
            same("channels of the pixel gate", 1, pixels.shape().channels())?;
            same("images of the pixel gate", input.images(), pixels.images())?;
            same("height of the pixel gate", from.height(), pixels.shape().height())?;
            same("width of the pixel gate", from.width(), pixels.shape().width())?;
        }
        let kernel = entry::<GateRow>(self.isa());
        let output = &*output;
        for_each_rows(output.images(), to.blocks(), to.height(), to.width() * BLOCK, |image, block, rows| {
            let mut lanes = [0.0; BLOCK];
            if let Some(channels) = channels {
                let first = block * BLOCK;
                let count = (from.channels() - first).min(BLOCK);
                let first = image * from.channels() + first;
                lanes[..count].copy_from_slice(&channels[first..first + count]);
            }
            for y in rows {
                // SAFETY: the maps have the same pixels, no row is given twice, and the instruction set is there.
                unsafe {
                    kernel(&GateArguments {
                        x: input.pixel(image, block).add(y * from.row_len()),
                        pixels: to.width(),
                        channels: lanes,
                        gates: pixels.map_or(std::ptr::null(), |gates| {
                            gates.pixel(image, 0).add(y * gates.shape().row_len())
                        }),
                        out: output.pixel(image, block).add(y * to.row_len()),
                    });
                }
            }
        });
        Ok(())
    }
}
