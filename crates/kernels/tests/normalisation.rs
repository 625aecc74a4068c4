//! Normalisations against sums in double precision, and their gradients against finite differences.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_kernels::{
    Affine, Error, NormShape, Pooling, normalise, normalise_add_relu, normalise_add_relu_gradient,
    normalise_gradient, normalise_relu, normalise_relu_gradient,
};

const EPSILON: f64 = 1e-5;

/// Numbers in [-1, 1) as a function of the seed.
fn numbers(len: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..len).map(|_| draw()).collect()
}

/// A tensor `[n, c, plane]` and how it is pooled.
#[derive(Debug, Clone, Copy)]
struct Case {
    n: usize,
    c: usize,
    plane: usize,
    pooling: Pooling,
}

impl Case {
    fn shape(self) -> NormShape {
        NormShape::new(self.n, self.c, self.plane, self.pooling).unwrap()
    }

    /// Channel and unit of an element.
    fn place(self, i: usize) -> (usize, usize) {
        let (image, channel) = (i / self.plane / self.c, i / self.plane % self.c);
        match self.pooling {
            Pooling::Batch => (channel, channel),
            Pooling::Groups(groups) => (channel, image * groups + channel / (self.c / groups)),
        }
    }

    /// The normalised values by the textbook, in double precision.
    fn normalised(self, x: &[f64], gamma: &[f32], beta: &[f32]) -> Vec<f64> {
        let units = self.shape().units();
        let count = (x.len() / units) as f64;
        let (mut mean, mut variance) = (vec![0.0; units], vec![0.0; units]);
        for (i, x) in x.iter().enumerate() {
            mean[self.place(i).1] += x / count;
        }
        for (i, x) in x.iter().enumerate() {
            variance[self.place(i).1] += (x - mean[self.place(i).1]).powi(2) / count;
        }
        let value = |(i, x): (usize, &f64)| {
            let (channel, unit) = self.place(i);
            let z = (x - mean[unit]) / (variance[unit] + EPSILON).sqrt();
            z * f64::from(gamma[channel]) + f64::from(beta[channel])
        };
        x.iter().enumerate().map(value).collect()
    }
}

fn cases() -> impl Strategy<Value = Case> {
    (1..4usize, 1..4usize, 1..5usize, 1..80usize, any::<bool>()).prop_map(
        |(n, groups, per_group, plane, batch)| {
            let pooling = if batch { Pooling::Batch } else { Pooling::Groups(groups) };
            Case { n, c: groups * per_group, plane, pooling }
        },
    )
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_are_the_rounded_true_ones(case in cases(), seed in 0..1000u64, mean in -50f32..50.0) {
        let shape = case.shape();
        let x: Vec<f32> = numbers(shape.len(), seed).iter().map(|x| x + mean).collect();
        let (gamma, beta) = (numbers(case.c, seed + 1), numbers(case.c, seed + 2));
        let other = numbers(shape.len(), seed + 3);
        let affine = Affine { gamma: &gamma, beta: &beta, epsilon: EPSILON };
        let expected = case.normalised(&wide(&x), &gamma, &beta);
        let mut y = vec![f32::NAN; shape.len()];
        let near = |y: f32, expected: f64| (f64::from(y) - expected).abs() <= 1e-7 * expected.abs() + 1e-9;

        normalise(&shape, affine, &x, &mut y).unwrap();
        prop_assert!(y.iter().zip(&expected).all(|(y, e)| near(*y, *e)));
        normalise_relu(&shape, affine, &x, &mut y).unwrap();
        prop_assert!(y.iter().zip(&expected).all(|(y, e)| near(*y, e.max(0.0))));
        normalise_add_relu(&shape, affine, &x, &other, &mut y).unwrap();
        let expected = expected.iter().zip(&other).map(|(e, o)| (e + f64::from(*o)).max(0.0));
        prop_assert!(y.iter().zip(expected).all(|(y, e)| near(*y, e)));
    }

    #[test]
    fn gradients_are_those_of_finite_differences(case in cases(), seed in 0..1000u64, kind in 0..3usize) {
        const STEP: f64 = 1e-5;
        let shape = case.shape();
        // A single element per unit is its own mean: nothing to differentiate.
        prop_assume!(shape.unit_len() > 1);
        let x = numbers(shape.len(), seed);
        let (gamma, beta) = (numbers(case.c, seed + 1), numbers(case.c, seed + 2));
        let (other, factor) = (numbers(shape.len(), seed + 3), numbers(shape.len(), seed + 4));
        let affine = Affine { gamma: &gamma, beta: &beta, epsilon: EPSILON };
        let before = |x: &[f64]| -> Vec<f64> {
            let mut z = case.normalised(x, &gamma, &beta);
            if kind == 2 {
                z.iter_mut().zip(&other).for_each(|(z, other)| *z += f64::from(*other));
            }
            z
        };
        let signs = before(&wide(&x));
        // The ReLU's mask is held fixed, so that a kink nearby does no harm.
        let loss = |x: &[f64]| -> f64 {
            let terms = before(x).into_iter().zip(&factor).zip(&signs);
            terms.map(|((z, f), sign)| if kind > 0 && *sign <= 0.0 { 0.0 } else { z * f64::from(*f) }).sum()
        };

        let mut y = vec![0.0; shape.len()];
        let mut gradient = factor.clone();
        let mut dx = vec![f32::NAN; shape.len()];
        let found = match kind {
            0 => {
                let statistics = normalise(&shape, affine, &x, &mut y).unwrap();
                normalise_gradient(&shape, affine, &statistics, &x, &mut gradient).unwrap()
            }
            1 => {
                let statistics = normalise_relu(&shape, affine, &x, &mut y).unwrap();
                normalise_relu_gradient(&shape, affine, &statistics, &x, &mut gradient).unwrap()
            }
            _ => {
                let statistics = normalise_add_relu(&shape, affine, &x, &other, &mut y).unwrap();
                let both = (&mut gradient, &mut dx);
                normalise_add_relu_gradient(&shape, affine, &statistics, &x, &y, both.0, both.1).unwrap()
            }
        };
        let masked: Vec<f64> =
            signs.iter().zip(&factor).map(|(s, f)| if kind > 0 && *s <= 0.0 { 0.0 } else { f64::from(*f) }).collect();
        if kind == 2 {
            prop_assert!(gradient.iter().zip(&masked).all(|(g, m)| (f64::from(*g) - m).abs() < 1e-9));
        } else {
            dx.copy_from_slice(&gradient);
        }
        let scale = dx.iter().fold(1f32, |scale, dx| scale.max(dx.abs()));
        for i in (0..shape.len()).step_by(1 + shape.len() / 20) {
            let mut moved = wide(&x);
            moved[i] += STEP;
            let above = loss(&moved);
            moved[i] -= 2.0 * STEP;
            let expected = (above - loss(&moved)) / (2.0 * STEP);
            prop_assert!((f64::from(dx[i]) - expected).abs() < 2e-4 * f64::from(scale), "{i}: {} {expected}", dx[i]);
        }
        let ones = vec![1.0; case.c];
        let normalised = case.normalised(&wide(&x), &ones, &vec![0.0; case.c]);
        let (mut dgamma, mut dbeta) = (vec![0.0; case.c], vec![0.0; case.c]);
        for (i, (z, m)) in normalised.iter().zip(&masked).enumerate() {
            dgamma[case.place(i).0] += z * m;
            dbeta[case.place(i).0] += m;
        }
        for channel in 0..case.c {
            prop_assert!((f64::from(found.gamma[channel]) - dgamma[channel]).abs() < 1e-5);
            prop_assert!((f64::from(found.beta[channel]) - dbeta[channel]).abs() < 1e-5);
        }
    }
}

#[test]
fn statistics_survive_a_mean_that_dwarfs_the_spread() {
    let x: Vec<f32> = (0..4096).map(|i| 4096.0 + (i % 2) as f32 * 0.5).collect();
    let shape = NormShape::new(4, 1, 1024, Pooling::Batch).unwrap();
    let mut y = vec![0.0; x.len()];
    let affine = Affine { gamma: &[1.0], beta: &[0.0], epsilon: 0.0 };
    let statistics = normalise(&shape, affine, &x, &mut y).unwrap();
    assert_eq!(statistics.mean, [4096.25]);
    assert_eq!(statistics.variance, [0.0625]);
    assert!(y.iter().enumerate().all(|(i, y)| *y == if i % 2 == 0 { -1.0 } else { 1.0 }));
}

#[test]
fn what_is_not_a_number_stays_visible() {
    let shape = NormShape::new(1, 1, 4, Pooling::Batch).unwrap();
    let affine = Affine { gamma: &[1.0], beta: &[0.0], epsilon: EPSILON };
    let mut y = [0.0; 4];
    normalise_relu(&shape, affine, &[1.0, f32::NAN, 2.0, 3.0], &mut y).unwrap();
    assert!(y.iter().all(|y| y.is_nan()));
}

#[test]
fn impossible_shapes_and_buffers_are_refused() {
    let groups = |groups| NormShape::new(1, 6, 4, Pooling::Groups(groups));
    assert_eq!(groups(4), Err(Error::Groups { groups: 4, channels: 6 }));
    assert_eq!(groups(0), Err(Error::Zero { name: "groups" }));
    assert_eq!(NormShape::new(0, 6, 4, Pooling::Batch), Err(Error::Zero { name: "batch" }));
    assert!(NormShape::new(usize::MAX, 6, 4, Pooling::Batch).is_err());
    let shape = groups(3).unwrap();
    let affine = Affine { gamma: &[1.0; 6], beta: &[0.0; 5], epsilon: EPSILON };
    assert!(normalise(&shape, affine, &[0.0; 24], &mut [0.0; 24]).is_err());
    let affine = Affine { beta: &[0.0; 6], ..affine };
    assert!(normalise(&shape, affine, &[0.0; 24], &mut [0.0; 23]).is_err());
}
