//! From a graph to steps: concatenations and doublings become ways of reading, not copies.

use pulmo_nn::interpret::MapSize;

use super::step::DOUBLING;
use super::{Action, Buffer, BufferId, Operand, Program, Step};
use crate::graph::{Affine, Graph, Node, NodeId, Op};
use crate::{Error, Result};

/// Channels of a kernel's block; a map can be written into a wider one at multiples of it.
const BLOCK: usize = pulmo_kernels::blocked::BLOCK;

impl Program {
    /// The steps that do what `graph` says.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where channels would have to be joined in the middle of a block.
    pub(crate) fn lower(graph: Graph) -> Result<Self> {
        let mut lowering = Lowering { buffers: Vec::new(), steps: Vec::new(), parts: Vec::new() };
        for node in graph.nodes {
            let parts = lowering.node(node)?;
            lowering.parts.push(parts);
        }
        let output = lowering.whole(graph.output)?;
        let mut program =
            Self { buffers: lowering.buffers, steps: lowering.steps, input: BufferId(0), output };
        program.set_halos();
        Ok(program)
    }

    fn set_halos(&mut self) {
        for step in &self.steps {
            let (conv, sources) = match &step.action {
                Action::Conv { conv, sources, .. } => (conv, sources.clone()),
                Action::Depthwise { conv, input } => (conv, vec![Operand { buffer: *input, doubled: false }]),
                _ => continue,
            };
            let sides = conv.padding.before.into_iter().chain(conv.padding.after);
            let padding = sides.max().unwrap_or(0);
            for part in sources {
                let needed = if part.doubled { padding.div_ceil(DOUBLING) } else { padding };
                let halo = &mut self.buffers[part.buffer.0].halo;
                *halo = needed.max(*halo);
            }
        }
    }
}

struct Lowering {
    buffers: Vec<Buffer>,
    steps: Vec<Step>,
    /// Where the channels of each node lie, in order.
    parts: Vec<Vec<Operand>>,
}

impl Lowering {
    fn node(&mut self, node: Node) -> Result<Vec<Operand>> {
        let Node { op, inputs, size } = node;
        let of = |index: usize| inputs.get(index).copied().unwrap_or(NodeId(0));
        let made = match op {
            Op::Input => self.buffer(size),
            Op::Conv(conv) if conv.is_depthwise() => {
                let input = self.whole(of(0))?;
                self.step(Action::Depthwise { conv: Box::new(conv), input }, size)
            }
            Op::Conv(conv) => {
                let sources = self.parts[of(0).0].clone();
                let residual = inputs.get(1).map(|&node| self.whole(node)).transpose()?;
                self.step(Action::Conv { conv: Box::new(conv), sources, residual }, size)
            }
            Op::Affine { affine, relu } => return Ok(self.affine(of(0), &affine, relu)),
            Op::Relu => {
                let channels = size.channels;
                let identity = Affine { scale: vec![1.0; channels], shift: vec![0.0; channels] };
                return Ok(self.affine(of(0), &identity, true));
            }
            Op::Silu => return Ok(self.each(of(0), |input| Action::Silu { input })),
            Op::Sigmoid => return Ok(self.each(of(0), |input| Action::Sigmoid { input })),
            Op::GlobalAverage => {
                let averaged = self.each_sized(
                    of(0),
                    |input| Action::GlobalAverage { input },
                    |part| MapSize { height: 1, width: 1, ..part },
                );
                return Ok(averaged.into_iter().map(|part| Operand { doubled: false, ..part }).collect());
            }
            Op::MaxPool(pool) => return self.resized(of(0), size, |input| Action::MaxPool { pool, input }),
            Op::AvgPool(pool) => return self.resized(of(0), size, |input| Action::AvgPool { pool, input }),
            Op::Bilinear(factor, corners) => {
                return self.resized(of(0), size, |input| Action::Bilinear { factor, corners, input });
            }
            Op::Nearest(factor) => {
                let parts = self.parts[of(0).0].clone();
                if factor == DOUBLING && parts.iter().all(|part| !part.doubled) {
                    return Ok(parts.into_iter().map(|part| Operand { doubled: true, ..part }).collect());
                }
                return self.resized(of(0), size, |input| Action::Nearest { factor, input });
            }
            Op::Concat => return Ok(inputs.iter().flat_map(|id| self.parts[id.0].clone()).collect()),
            Op::GroupNorm { groups, epsilon, affine, relu } => {
                let input = self.whole(of(0))?;
                self.step(Action::GroupNorm { groups, epsilon, affine, relu, input }, size)
            }
            Op::Add { relu } => {
                let inputs = [self.whole(of(0))?, self.whole(of(1))?];
                self.step(Action::Add { inputs, relu }, size)
            }
            Op::Gate => {
                let (input, gate) = (self.whole(of(0))?, self.whole(of(1))?);
                self.step(Action::Gate { input, gate }, size)
            }
        };
        Ok(vec![Operand { buffer: made, doubled: false }])
    }

    fn buffer(&mut self, size: MapSize) -> BufferId {
        self.buffers.push(Buffer { size, halo: 0 });
        BufferId(self.buffers.len() - 1)
    }

    fn step(&mut self, action: Action, size: MapSize) -> BufferId {
        let output = self.buffer(size);
        self.steps.push(Step { action, output });
        output
    }

    /// An operation on each part by itself, which may as well be done before a part is doubled.
    fn each_sized(
        &mut self,
        node: NodeId,
        action: impl Fn(BufferId) -> Action,
        size: impl Fn(MapSize) -> MapSize,
    ) -> Vec<Operand> {
        let parts = self.parts[node.0].clone();
        let mut apply = |part: Operand| {
            let size = size(self.buffers[part.buffer.0].size);
            Operand { buffer: self.step(action(part.buffer), size), ..part }
        };
        parts.into_iter().map(&mut apply).collect()
    }

    fn each(&mut self, node: NodeId, action: impl Fn(BufferId) -> Action) -> Vec<Operand> {
        self.each_sized(node, action, |size| size)
    }

    fn affine(&mut self, node: NodeId, affine: &Affine, relu: bool) -> Vec<Operand> {
        let mut first = 0;
        let parts = self.parts[node.0].clone();
        let mut apply = |part: Operand| {
            let size = self.buffers[part.buffer.0].size;
            let affine = affine.part(first, size.channels);
            first += size.channels;
            Operand { buffer: self.step(Action::Affine { affine, relu, input: part.buffer }, size), ..part }
        };
        parts.into_iter().map(&mut apply).collect()
    }

    /// An operation on each part that changes the size to that of `size`.
    fn resized(
        &mut self,
        node: NodeId,
        size: MapSize,
        action: impl Fn(BufferId) -> Action,
    ) -> Result<Vec<Operand>> {
        if self.parts[node.0].iter().any(|part| part.doubled) {
            self.whole(node)?;
        }
        let made = |part: MapSize| MapSize { channels: part.channels, ..size };
        Ok(self.each_sized(node, action, made))
    }

    /// The one buffer that holds all channels of `node`, written out where there is none yet.
    fn whole(&mut self, node: NodeId) -> Result<BufferId> {
        let parts = self.parts[node.0].clone();
        if let [Operand { buffer, doubled: false }] = parts[..] {
            return Ok(buffer);
        }
        let sizes: Vec<MapSize> = parts.iter().map(|part| self.seen(*part)).collect();
        let channels = sizes.iter().map(|size| size.channels).sum();
        let [height, width] = sizes.first().map_or([0, 0], |size| [size.height, size.width]);
        let output = self.buffer(MapSize { channels, height, width });
        let mut first = 0usize;
        for (part, size) in parts.into_iter().zip(sizes) {
            if !first.is_multiple_of(BLOCK) {
                let what =
                    format!("maps that are joined at channel {first}, which is no multiple of {BLOCK}");
                return Err(Error::Unsupported { what });
            }
            self.steps.push(Step { action: Action::Place { part, first }, output });
            first += size.channels;
        }
        self.parts[node.0] = vec![Operand { buffer: output, doubled: false }];
        Ok(output)
    }

    /// The size of a part as it is read.
    fn seen(&self, part: Operand) -> MapSize {
        let MapSize { channels, height, width } = self.buffers[part.buffer.0].size;
        MapSize { channels, height: part.factor() * height, width: part.factor() * width }
    }
}
