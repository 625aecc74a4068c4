//! Where each buffer lies in one stretch of memory.

use super::Program;
use crate::Result;
use pulmo_kernels::blocked::MapShape;

/// The layout and place of every buffer; buffers that are never needed together share memory.
///
/// Places are for one image: of `n` images, all are `n` times as far.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) shapes: Vec<MapShape>,
    pub(crate) offsets: Vec<usize>,
    /// Elements for one image.
    pub(crate) len: usize,
    /// For each step, whether it is the first to write its output.
    pub(crate) starts: Vec<bool>,
}

/// When and how long a buffer is needed.
#[derive(Debug, Clone, Copy)]
struct Life {
    from: usize,
    to: usize,
    len: usize,
}

impl Life {
    fn meets(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

impl Memory {
    /// Places the buffers of `program`, the largest first, each as low as those it lives with allow.
    pub(crate) fn assign(program: &Program) -> Result<Self> {
        let shape = |buffer: &super::Buffer| {
            let size = buffer.size;
            MapShape::new(size.channels, size.height, size.width, buffer.halo)
        };
        let shapes = program.buffers.iter().map(shape).collect::<std::result::Result<Vec<_>, _>>()?;
        let (lives, starts) = lives(program, &shapes);
        let mut order: Vec<usize> = (0..lives.len()).collect();
        order.sort_by_key(|&buffer| std::cmp::Reverse(lives[buffer].len));
        let mut offsets = vec![0; lives.len()];
        let mut placed: Vec<usize> = Vec::new();
        for buffer in order {
            let mut taken: Vec<(usize, usize)> = placed
                .iter()
                .filter(|&&other| lives[other].meets(&lives[buffer]))
                .map(|&other| (offsets[other], offsets[other] + lives[other].len))
                .collect();
            taken.sort_unstable();
            let mut offset = 0;
            for (start, end) in taken {
                if offset + lives[buffer].len <= start {
                    break;
                }
                offset = offset.max(end);
            }
            offsets[buffer] = offset;
            placed.push(buffer);
        }
        let len =
            offsets.iter().zip(&lives).map(|(offset, life)| offset + life.len).max().unwrap_or_default();
        Ok(Self { shapes, offsets, len, starts })
    }
}

/// The time of each buffer, in steps, and which steps begin one. The input is there from the start, the output is
/// read at the end.
fn lives(program: &Program, shapes: &[MapShape]) -> (Vec<Life>, Vec<bool>) {
    let mut lives: Vec<Option<Life>> = vec![None; shapes.len()];
    let mut touch = |buffer: super::BufferId, time: usize| {
        let len = shapes[buffer.0].image_len();
        let begins = lives[buffer.0].is_none();
        lives[buffer.0].get_or_insert(Life { from: time, to: time, len }).to = time;
        begins
    };
    touch(program.input, 0);
    let mut starts = Vec::with_capacity(program.steps.len());
    for (index, step) in program.steps.iter().enumerate() {
        let time = index + 1;
        step.action.inputs().into_iter().for_each(|input| {
            touch(input, time);
        });
        starts.push(touch(step.output, time));
    }
    touch(program.output, program.steps.len() + 1);
    let unused = Life { from: 0, to: 0, len: 0 };
    (lives.into_iter().map(|life| life.unwrap_or(unused)).collect(), starts)
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use burn::prelude::Device;
    use pulmo_nn::interpret::MapSize;
    use pulmo_segmentation::SegmentationConfig;

    use super::*;
    use crate::graph::Recorder;
    use crate::program::Action;

    fn program(name: &str) -> Program {
        let config: SegmentationConfig = name.parse().unwrap();
        let model = config.init(&Device::flex()).unwrap();
        let (mut recorder, x) = Recorder::new(MapSize { channels: 3, height: 64, width: 32 });
        let logits = model.forward_with(&mut recorder, x);
        Program::lower(recorder.finish(logits).unwrap().fused()).unwrap()
    }

    #[test]
    fn buffers_that_are_needed_together_lie_apart() {
        let names = [
            "unet-resnet50",
            "unetplusplus-resnet18",
            "fpn-densenet121",
            "unet-inceptionv4",
            "unet-efficientnet-b0",
        ];
        for name in names {
            let program = program(name);
            let memory = Memory::assign(&program).unwrap();
            let (lives, _) = lives(&program, &memory.shapes);
            let end = |buffer: usize| memory.offsets[buffer] + lives[buffer].len;
            for (a, life) in lives.iter().enumerate() {
                assert!(end(a) <= memory.len, "{name}: buffer {a} reaches beyond the end");
                for b in (0..a).filter(|&b| lives[b].meets(life)) {
                    let apart = end(a) <= memory.offsets[b] || end(b) <= memory.offsets[a];
                    assert!(apart, "{name}: buffers {a} and {b} overlap");
                }
            }
            let total: usize = lives.iter().map(|life| life.len).sum();
            assert!(memory.len < total / 2, "{name}: {} of {total} elements", memory.len);
        }
    }

    #[test]
    fn a_residual_u_net_is_convolutions_and_one_pooling() {
        let program = program("unet-resnet18");
        let convolutions = |step: &&crate::program::Step| matches!(step.action, Action::Conv { .. });
        assert_eq!(program.steps.iter().filter(convolutions).count(), 20 + 10 + 1);
        assert_eq!(program.steps.len(), 20 + 10 + 1 + 1);
    }

    #[test]
    fn a_mobile_block_is_convolutions_and_a_gate() {
        let program = program("unet-efficientnet-b0");
        let count =
            |kind: fn(&Action) -> bool| program.steps.iter().filter(|step| kind(&step.action)).count();
        assert_eq!(count(|action| matches!(action, Action::Depthwise { .. })), 16);
        // Stem; of 16 blocks the expansion (not of the first), both of the gate, the projection; decoder and head.
        assert_eq!(count(|action| matches!(action, Action::Conv { .. })), 1 + 15 + 2 * 16 + 16 + 10 + 1);
        // No normalisation, activation or addition is left over but the gates' own.
        assert_eq!(count(|action| matches!(action, Action::Gate { .. })), 16);
        assert_eq!(count(|action| matches!(action, Action::GlobalAverage { .. })), 16);
        assert_eq!(count(|action| matches!(action, Action::Sigmoid { .. })), 16);
        assert_eq!(program.steps.len(), 16 + 75 + 3 * 16);
    }

    #[test]
    fn a_dense_layer_is_two_convolutions() {
        let program = program("fpn-densenet121");
        let prologues = |step: &&crate::program::Step| matches!(&step.action, Action::Conv { conv, .. } if conv.prologue.is_some());
        // One in each of 58 layers; transitions keep their activated map, which is a skip.
        assert_eq!(program.steps.iter().filter(prologues).count(), 58);
    }
}
