//! Steps with their weights packed.

use std::borrow::Cow;

use pulmo_kernels::blocked::{
    self, ConvOptions, Engine, Gate, Map, MapMut, PackedConv, PackedDepthwise, Source, Window,
};
use pulmo_kernels::{Conv2dShape, DepthwiseShape, Isa};
use pulmo_nn::interpret::MapSize;
use pulmo_nn::upsample::Corners;

use crate::graph::Conv;
use crate::program::{Action, BufferId, Operand, Step};
use crate::{PlanOptions, Result};

/// A step that is ready to run.
#[derive(Debug)]
pub(crate) struct Prepared {
    work: Work,
    output: BufferId,
}

#[derive(Debug)]
enum Work {
    Conv { conv: Box<PackedConv>, sources: Vec<Operand>, residual: Option<BufferId> },
    Depthwise { conv: PackedDepthwise, input: BufferId },
    Other(Action),
}

impl Prepared {
    /// Packs the weights of `step`, whose buffers have `sizes`.
    pub(crate) fn new(step: Step, sizes: &[MapSize], isa: Isa, options: &PlanOptions) -> Result<Self> {
        let work = match step.action {
            Action::Conv { conv, sources, residual } => {
                let conv = Box::new(packed(&conv, &sources, sizes, isa, options)?);
                Work::Conv { conv, sources, residual }
            }
            Action::Depthwise { conv, input } => {
                Work::Depthwise { conv: packed_depthwise(&conv, sizes[input.0], isa)?, input }
            }
            action => Work::Other(action),
        };
        Ok(Self { work, output: step.output })
    }

    /// The buffer that is written.
    pub(crate) fn output(&self) -> usize {
        self.output.0
    }

    /// Bytes of the packed weights.
    pub(crate) fn bytes(&self) -> usize {
        match &self.work {
            Work::Conv { conv, .. } => conv.bytes(),
            Work::Depthwise { conv, .. } => conv.bytes(),
            Work::Other(_) => 0,
        }
    }

    /// Writes `output` from the maps that `map` gives.
    pub(crate) fn run<'a>(
        &self,
        engine: &Engine,
        mut output: MapMut<'_>,
        map: impl Fn(usize) -> pulmo_kernels::Result<Map<'a>>,
    ) -> Result<()> {
        let map = |buffer: &BufferId| map(buffer.0);
        let action = match &self.work {
            Work::Conv { conv, sources, residual } => {
                let source = |part: &Operand| {
                    let map = map(&part.buffer)?;
                    Ok(if part.doubled { Source::upsampled(map) } else { Source::new(map) })
                };
                let sources = sources.iter().map(source).collect::<pulmo_kernels::Result<Vec<_>>>()?;
                let residual = residual.as_ref().map(map).transpose()?;
                return Ok(conv.run(&sources, residual, &mut output)?);
            }
            Work::Depthwise { conv, input } => return Ok(conv.run(&map(input)?, &mut output)?),
            Work::Other(action) => action,
        };
        match action {
            // Packed by `new`.
            Action::Conv { .. } | Action::Depthwise { .. } => {}
            Action::Affine { affine, relu, input } => {
                engine.scale_shift(&affine.scale, &affine.shift, *relu, &map(input)?, &mut output)?;
            }
            Action::GroupNorm { groups, epsilon, affine, relu, input } => {
                let (scale, shift) = (&affine.scale, &affine.shift);
                engine.group_norm(*groups, scale, shift, *epsilon, *relu, &map(input)?, &mut output)?;
            }
            Action::Sigmoid { input } => engine.sigmoid(&map(input)?, &mut output)?,
            Action::Silu { input } => engine.silu(&map(input)?, &mut output)?,
            Action::MaxPool { pool, input } => {
                let window = Window::square(pool.kernel, pool.stride, pool.padding);
                engine.max_pool(window, &map(input)?, &mut output)?;
            }
            Action::AvgPool { pool, input } => {
                let window = Window::square(pool.kernel, pool.stride, pool.padding);
                engine.average_pool(window, false, &map(input)?, &mut output)?;
            }
            Action::GlobalAverage { input } => {
                let mut means = vec![0.0; output.images() * output.shape().channels()];
                engine.global_average(&map(input)?, &mut means)?;
                engine.from_planar(&means, &mut output)?;
            }
            Action::Add { inputs: [x, y], relu } => engine.add(&map(x)?, &map(y)?, *relu, &mut output)?,
            Action::Gate { input, gate } => run_gate(engine, &map(input)?, map(gate)?, &mut output)?,
            Action::Nearest { factor, input } => {
                engine.upsample_nearest(*factor, &map(input)?, &mut output)?;
            }
            Action::Bilinear { factor, corners, input } => {
                let corners = match corners {
                    Corners::Aligned => blocked::Corners::Aligned,
                    Corners::HalfPixel => blocked::Corners::Free,
                };
                engine.upsample_bilinear(*factor, corners, &map(input)?, &mut output)?;
            }
            Action::Place { part, first } => {
                let map = map(&part.buffer)?;
                let channels = map.shape().channels();
                let mut output = output.window(*first, channels)?;
                engine.upsample_nearest(part.factor(), &map, &mut output)?;
            }
        }
        Ok(())
    }
}

fn packed(
    conv: &Conv,
    sources: &[Operand],
    sizes: &[MapSize],
    isa: Isa,
    options: &PlanOptions,
) -> Result<PackedConv> {
    let size = |part: &Operand| {
        let size = sizes[part.buffer.0];
        [part.factor() * size.height, part.factor() * size.width]
    };
    let [height, width] = sources.first().map_or([0, 0], size);
    let channels: Vec<usize> = sources.iter().map(|part| sizes[part.buffer.0].channels).collect();
    let (dims, weight) = ungrouped(conv);
    let input = [1, dims[1], height, width];
    let shape = Conv2dShape::new(input, dims, conv.stride, conv.padding.before)?;
    let prologue = conv.prologue.as_ref();
    let conv_options = ConvOptions {
        sources: &channels,
        prologue: prologue.map(|affine| (affine.scale.as_slice(), affine.shift.as_slice())),
        activation: conv.activation,
        padding_behind: Some(conv.padding.after),
        method: options.method(),
        isa: Some(isa),
    };
    Ok(PackedConv::new(&shape, &weight, Some(&conv.bias), &conv_options)?)
}

/// A convolution of groups as one of all channels, whose weights between groups are zero. No network of the zoo has
/// groups but depthwise ones, so that a method that spares the zeros would have nothing to run.
fn ungrouped(conv: &Conv) -> ([usize; 4], Cow<'_, [f32]>) {
    let [outputs, in_group, rows, columns] = conv.dims;
    let dims = [outputs, in_group * conv.groups, rows, columns];
    if conv.groups == 1 {
        return (dims, Cow::Borrowed(&conv.weight));
    }
    let group_len = in_group * rows * columns;
    let mut weight = vec![0.0; outputs * group_len * conv.groups];
    let kernels = weight.chunks_exact_mut(group_len * conv.groups).zip(conv.weight.chunks_exact(group_len));
    for (output, (to, kernel)) in kernels.enumerate() {
        let group = output * conv.groups / outputs;
        to[group * group_len..(group + 1) * group_len].copy_from_slice(kernel);
    }
    (dims, Cow::Owned(weight))
}

fn packed_depthwise(conv: &Conv, size: MapSize, isa: Isa) -> Result<PackedDepthwise> {
    let shape = DepthwiseShape {
        batch: 1,
        channels: conv.groups,
        size: [size.height, size.width],
        kernel: [conv.dims[2], conv.dims[3]],
        stride: conv.stride,
        before: conv.padding.before,
        after: conv.padding.after,
    };
    Ok(PackedDepthwise::new(&shape, &conv.weight, Some(&conv.bias), conv.activation, Some(isa))?)
}

/// A gate of one channel weighs pixels, one of a single pixel weighs channels.
fn run_gate(engine: &Engine, x: &Map<'_>, gate: Map<'_>, output: &mut MapMut<'_>) -> Result<()> {
    let shape = gate.shape();
    if shape.channels() == 1 && [shape.height(), shape.width()] != [1, 1] {
        return Ok(engine.gate(Gate::Pixels(gate), x, output)?);
    }
    let mut weights = vec![0.0; gate.images() * shape.channels()];
    engine.to_planar(&gate, &mut weights)?;
    Ok(engine.gate(Gate::Channels(&weights), x, output)?)
}
