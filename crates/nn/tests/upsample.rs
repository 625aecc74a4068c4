//! Upsampling against values of PyTorch's `interpolate`, and its gradients.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::tensor::{Device, Tensor};
use pulmo_nn::upsample::{Corners, bilinear, nearest};

fn row(values: [f32; 3], device: &Device) -> Tensor<4> {
    Tensor::<1>::from_floats(values, device).reshape([1, 1, 1, 3])
}

fn values(x: Tensor<4>) -> Vec<f32> {
    x.try_into_vec_as::<f32>().unwrap()
}

fn assert_near(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }
}

#[test]
fn bilinear_with_aligned_corners() {
    let y = bilinear(row([0.0, 1.0, 4.0], &Device::flex()), [1, 5], Corners::Aligned);
    assert_near(&values(y), &[0.0, 0.5, 1.0, 2.5, 4.0]);
}

#[test]
fn bilinear_at_half_pixel_centres() {
    let y = bilinear(row([0.0, 1.0, 4.0], &Device::flex()), [1, 6], Corners::HalfPixel);
    assert_near(&values(y), &[0.0, 0.25, 0.75, 1.75, 3.25, 4.0]);
}

#[test]
fn nearest_repeats_every_pixel() {
    let y = nearest(row([0.0, 1.0, 4.0], &Device::flex()), 2);
    assert_eq!(y.dims(), [1, 1, 2, 6]);
    assert_near(&values(y), &[0.0, 0.0, 1.0, 1.0, 4.0, 4.0, 0.0, 0.0, 1.0, 1.0, 4.0, 4.0]);
}

#[test]
fn a_constant_stays_constant_at_any_size() {
    for size in 1..40 {
        for corners in [Corners::Aligned, Corners::HalfPixel] {
            let x = Tensor::<4>::ones([1, 2, 7, 5], &Device::flex());
            let y = bilinear(x, [size, 41 - size], corners);
            assert!(values(y).iter().all(|value| (value - 1.0).abs() < 1e-6), "{size} {corners:?}");
        }
    }
}

#[test]
fn gradients_flow_back_to_every_pixel() {
    let device = Device::flex().autodiff();
    let x = row([1.0, 2.0, 3.0], &device).require_grad();
    let grads = nearest(x.clone(), 4).sum().backward();
    assert_near(&values(x.grad(&grads).unwrap()), &[16.0, 16.0, 16.0]);

    let x = row([1.0, 2.0, 3.0], &device).require_grad();
    let grads = bilinear(x.clone(), [1, 5], Corners::Aligned).sum().backward();
    assert_near(&values(x.grad(&grads).unwrap()), &[1.5, 2.0, 1.5]);
}
