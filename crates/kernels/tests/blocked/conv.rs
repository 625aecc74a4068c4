//! Convolution: sources, upsampling, prologue, residual, windows.

use proptest::prelude::*;
use pulmo_kernels::blocked::{Activation, ConvOptions, Engine, MapShape, Method, PackedConv, Source};
use pulmo_kernels::{Conv2dShape, Isa};

use crate::support::{Blocked, Planar, activated, error, numbers};

#[derive(Debug, Clone)]
struct Case {
    images: usize,
    /// `(channels, upsampled)` of each source.
    sources: Vec<(usize, bool)>,
    /// Of the sources, after upsampling.
    size: [usize; 2],
    out_channels: usize,
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
    /// Below and to the right, where it is not the same.
    behind: Option<[usize; 2]>,
    extra_halo: usize,
    bias: bool,
    prologue: bool,
    residual: bool,
    activation: Activation,
    /// Blocks of a wider map before the output's.
    offset: usize,
    seed: u64,
}

const PLAIN: Case = Case {
    images: 1,
    sources: Vec::new(),
    size: [8, 8],
    out_channels: 16,
    kernel: [3, 3],
    stride: [1, 1],
    padding: [1, 1],
    behind: None,
    extra_halo: 0,
    bias: true,
    prologue: false,
    residual: false,
    activation: Activation::None,
    offset: 0,
    seed: 1,
};

impl Case {
    fn shape(&self) -> Conv2dShape {
        let channels: usize = self.sources.iter().map(|source| source.0).sum();
        let [height, width] = self.size;
        Conv2dShape::new(
            [self.images, channels, height, width],
            [self.out_channels, channels, self.kernel[0], self.kernel[1]],
            self.stride,
            self.padding,
        )
        .unwrap()
    }

    fn tensors(&self) -> Vec<Planar> {
        let tensor = |(index, &(channels, upsampled)): (usize, &(usize, bool))| {
            let factor = if upsampled { 2 } else { 1 };
            let size = [self.images, channels, self.size[0] / factor, self.size[1] / factor];
            Planar::random(size, self.seed + index as u64)
        };
        self.sources.iter().enumerate().map(tensor).collect()
    }

    /// Padding below and to the right.
    fn behind(&self) -> [usize; 2] {
        self.behind.unwrap_or(self.padding)
    }

    fn out_size(&self) -> [usize; 2] {
        let behind = self.behind();
        let padded = |axis| self.size[axis] + self.padding[axis] + behind[axis];
        [0, 1].map(|axis| (padded(axis) - self.kernel[axis]) / self.stride[axis] + 1)
    }

    /// The definition, in double precision.
    fn expected(
        &self,
        weight: &[f32],
        bias: &[f32],
        scale: &[f32],
        shift: &[f32],
        residual: &Planar,
    ) -> Vec<f64> {
        let (shape, tensors) = (self.shape(), self.tensors());
        let mut x = vec![];
        for n in 0..self.images {
            let mut channel = 0;
            for (tensor, &(channels, upsampled)) in tensors.iter().zip(&self.sources) {
                let factor = if upsampled { 2 } else { 1 };
                for c in 0..channels {
                    for i in 0..self.size[0] * self.size[1] {
                        let value = tensor.at(n, c, i / self.size[1] / factor, i % self.size[1] / factor);
                        x.push(match self.prologue {
                            true => (value * f64::from(scale[channel]) + f64::from(shift[channel])).max(0.0),
                            false => value,
                        });
                    }
                    channel += 1;
                }
            }
        }
        let (inputs, [kh, kw]) = (shape.in_channels, self.kernel);
        Planar::from_fn(residual.size, |n, o, y, x0| {
            let mut sum = if self.bias { f64::from(bias[o]) } else { 0.0 };
            for i in 0..inputs {
                for ky in 0..kh {
                    for kx in 0..kw {
                        let row = (y * self.stride[0] + ky).wrapping_sub(self.padding[0]);
                        let column = (x0 * self.stride[1] + kx).wrapping_sub(self.padding[1]);
                        if row < self.size[0] && column < self.size[1] {
                            sum += x[((n * inputs + i) * self.size[0] + row) * self.size[1] + column]
                                * f64::from(weight[((o * inputs + i) * kh + ky) * kw + kx]);
                        }
                    }
                }
            }
            if self.residual {
                sum += residual.at(n, o, y, x0);
            }
            activated(self.activation, sum)
        })
    }

    fn check(&self, methods: &[(Option<Method>, f64)]) {
        let shape = self.shape();
        let weight = numbers(shape.weight_len(), self.seed + 10);
        let bias = numbers(self.out_channels, self.seed + 11);
        let scale = numbers(shape.in_channels, self.seed + 12);
        let shift = numbers(shape.in_channels, self.seed + 13);
        let [out_height, out_width] = self.out_size();
        let out_size = [self.images, self.out_channels, out_height, out_width];
        let residual = Planar::random(out_size, self.seed + 14);
        let expected = self.expected(&weight, &bias, &scale, &shift, &residual);
        let channels: Vec<_> = self.sources.iter().map(|source| source.0).collect();
        for isa in Isa::available() {
            let engine = Engine::with_isa(isa).unwrap();
            let widest = self.padding.into_iter().chain(self.behind()).max().unwrap();
            let halo = widest + self.extra_halo;
            let inputs: Vec<_> = self.tensors().iter().map(|tensor| tensor.blocked(engine, halo)).collect();
            let sources: Vec<_> = inputs
                .iter()
                .zip(&self.sources)
                .map(|(input, source)| match source.1 {
                    true => Source::upsampled(input.map()),
                    false => Source::new(input.map()),
                })
                .collect();
            let residual = residual.blocked(engine, 2);
            for &(method, tolerance) in methods {
                let options = ConvOptions {
                    sources: &channels,
                    prologue: self.prologue.then_some((&scale[..], &shift[..])),
                    activation: self.activation,
                    padding_behind: self.behind,
                    method,
                    isa: Some(isa),
                };
                let conv =
                    PackedConv::new(&shape, &weight, self.bias.then_some(&bias[..]), &options).unwrap();
                let before = 16 * self.offset;
                let wide = MapShape::new(before + self.out_channels, out_size[2], out_size[3], 1).unwrap();
                let mut output = Blocked::garbage(wide, self.images);
                let marks =
                    Planar::random([self.images, before + self.out_channels, out_size[2], out_size[3]], 9);
                engine.from_planar(&marks.data, &mut output.map_mut()).unwrap();
                let mut window = output.map_mut().window(before, self.out_channels).unwrap();
                conv.run(&sources, self.residual.then_some(residual.map()), &mut window).unwrap();
                let actual = output.planar(engine);
                let per_image = wide.channels() * out_size[2] * out_size[3];
                let kept = before * out_size[2] * out_size[3];
                let mut written = vec![];
                for (actual, marks) in actual.chunks(per_image).zip(marks.data.chunks(per_image)) {
                    assert_eq!(actual[..kept], marks[..kept], "channels before the window changed");
                    written.extend_from_slice(&actual[kept..]);
                }
                let error = error(&expected, &written);
                assert!(error <= tolerance, "error {error:e} with {isa:?}, {method:?} for {self:?}");
            }
        }
    }
}

const DIRECT: (Option<Method>, f64) = (Some(Method::Direct), 1e-5);
const CHOSEN: (Option<Method>, f64) = (None, 1e-4);
const WINOGRAD: [(Option<Method>, f64); 2] =
    [(Some(Method::Winograd2), 2e-5), (Some(Method::Winograd4), 1e-4)];

prop_compose! {
    fn any_case()(
        images in 1usize..4,
        sources in prop::collection::vec((1usize..40, prop::bool::weighted(0.3)), 1..4),
        size in [1usize..12, 1usize..20],
        out_channels in 1usize..70,
        kernel in [1usize..6, 1usize..6],
        stride in [1usize..4, 1usize..4],
        padding in [0usize..5, 0usize..5],
        (extra_halo, offset, seed) in (0usize..2, 0usize..3, any::<u32>()),
        behind in prop::option::of([0usize..5, 0usize..5]),
        activation in prop::sample::select(vec![Activation::None, Activation::Relu, Activation::Silu]),
        (bias, prologue, residual) in any::<(bool, bool, bool)>(),
    ) -> Case {
        let even = sources.iter().any(|source| source.1);
        let kernel: [usize; 2] = std::array::from_fn(|axis| kernel[axis].min(size[axis]));
        Case {
            images, sources, out_channels, kernel, stride, extra_halo, bias, prologue, residual, activation, offset,
            size: if even { size.map(|size| 2 * size) } else { size },
            padding: [0, 1].map(|axis| padding[axis].min(kernel[axis] - 1)),
            behind: behind.map(|behind| [0, 1].map(|axis| behind[axis].min(kernel[axis] - 1))),
            seed: u64::from(seed),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_convolution_is_that_of_the_definition(case in any_case()) {
        case.check(&[DIRECT, CHOSEN]);
    }

    #[test]
    fn winograd_is_the_same_convolution(mut case in any_case()) {
        let smallest = case.size[0].min(case.size[1]);
        prop_assume!(smallest >= 3);
        case.kernel = [3, 3];
        case.stride = [1, 1];
        case.padding = case.padding.map(|padding| padding.min(1));
        case.behind = None;
        case.check(&WINOGRAD);
    }

    #[test]
    fn pointwise_convolutions_with_prologue(mut case in any_case()) {
        case.kernel = [1, 1];
        case.padding = [0, 0];
        case.behind = None;
        case.prologue = true;
        case.check(&[DIRECT]);
    }
}

#[test]
fn layers_of_the_networks() {
    let layers = [
        // ResNet's stem, Inception's rows and columns, DenseNet's bottleneck and growth, a decoder's first convolution.
        Case {
            sources: vec![(3, false)],
            size: [22, 30],
            out_channels: 64,
            kernel: [7, 7],
            stride: [2, 2],
            padding: [3, 3],
            ..PLAIN
        },
        Case {
            sources: vec![(192, false)],
            size: [16, 16],
            out_channels: 224,
            kernel: [1, 7],
            padding: [0, 3],
            ..PLAIN
        },
        Case {
            sources: vec![(64, false), (32, false)],
            size: [16, 16],
            out_channels: 48,
            kernel: [7, 1],
            padding: [3, 0],
            ..PLAIN
        },
        Case {
            images: 2,
            sources: vec![(240, false)],
            size: [9, 8],
            out_channels: 192,
            kernel: [1, 1],
            padding: [0, 0],
            prologue: true,
            activation: Activation::Relu,
            ..PLAIN
        },
        Case { images: 2, sources: vec![(192, false)], size: [8, 8], out_channels: 48, offset: 3, ..PLAIN },
        // EfficientNet's stem.
        Case {
            sources: vec![(3, false)],
            size: [32, 20],
            out_channels: 32,
            stride: [2, 2],
            padding: [0, 0],
            behind: Some([1, 1]),
            activation: Activation::Silu,
            ..PLAIN
        },
        Case {
            sources: vec![(100, true), (64, false)],
            size: [16, 16],
            out_channels: 64,
            activation: Activation::Relu,
            ..PLAIN
        },
        Case {
            images: 2,
            sources: vec![(64, false)],
            size: [15, 17],
            out_channels: 80,
            residual: true,
            activation: Activation::Relu,
            ..PLAIN
        },
    ];
    for layer in layers {
        layer.check(&[DIRECT, CHOSEN]);
        if layer.kernel == [3, 3] && layer.stride == [1, 1] {
            layer.check(&WINOGRAD);
        }
    }
}

/// The smallest case that has a source of less than a block, a row of tiles cut short and every option.
#[test]
fn small_convolutions_with_everything() {
    let all = Case {
        sources: vec![(1, false), (17, true)],
        size: [4, 6],
        out_channels: 17,
        residual: true,
        activation: Activation::Relu,
        offset: 1,
        ..PLAIN
    };
    all.check(&[DIRECT]);
    all.check(&WINOGRAD);
    Case { activation: Activation::Silu, ..all.clone() }.check(&[DIRECT, WINOGRAD[0], WINOGRAD[1]]);
    Case { prologue: true, ..all.clone() }.check(&WINOGRAD[1..]);
    Case { stride: [2, 1], padding: [0, 1], ..all.clone() }.check(&[DIRECT]);
    Case { kernel: [1, 1], padding: [0, 0], prologue: true, stride: [1, 2], ..all }.check(&[DIRECT]);
}

#[test]
fn threads_do_not_change_a_bit() {
    let shape = Conv2dShape::new([3, 48, 40, 40], [80, 48, 3, 3], [1, 1], [1, 1]).unwrap();
    let (weight, engine) = (numbers(shape.weight_len(), 3), Engine::detect());
    let input = Planar::random([3, 48, 40, 40], 4).blocked(engine, 1);
    let conv = PackedConv::new(&shape, &weight, None, &ConvOptions::default()).unwrap();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut output = Blocked::garbage(MapShape::new(80, 40, 40, 1).unwrap(), 3);
        pool.install(|| conv.run(&[Source::new(input.map())], None, &mut output.map_mut())).unwrap();
        output.planar(engine)
    };
    let expected = run(1);
    assert!(expected.iter().any(|&value| value != 0.0));
    for threads in [2, 3, 5] {
        assert_eq!(run(threads), expected, "{threads} threads");
    }
}
