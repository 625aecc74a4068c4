//! Padding and cropping undo each other.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::tensor::{Device, Distribution, Tensor};
use proptest::prelude::*;
use pulmo_segmentation::{Error, Padding, SegmentationConfig};

fn values(x: Tensor<4>) -> Vec<f32> {
    x.try_into_vec_as::<f32>().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cropping_undoes_padding(
        height in 1usize..70,
        width in 1usize..70,
        stride in prop::sample::select(vec![1usize, 3, 8, 16, 32]),
    ) {
        let padding = Padding::new(height, width, stride).unwrap();
        let [padded_height, padded_width] = padding.padded_size();
        prop_assert!(padded_height % stride == 0 && padded_width % stride == 0);
        prop_assert!(padded_height < height + stride && padded_width < width + stride);
        let x = Tensor::<4>::random([2, 3, height, width], Distribution::Default, &Device::flex());
        let padded = padding.pad(x.clone()).unwrap();
        prop_assert_eq!(padded.dims(), [2, 3, padded_height, padded_width]);
        let (before, after) = (values(x.clone()), values(padded.clone()));
        // Every padded pixel is the nearest pixel of the image.
        for plane in 0..6 {
            for row in 0..padded_height {
                for column in 0..padded_width {
                    let nearest = (plane * height + row.min(height - 1)) * width + column.min(width - 1);
                    let here = (plane * padded_height + row) * padded_width + column;
                    prop_assert_eq!(after[here], before[nearest]);
                }
            }
        }
        prop_assert_eq!(values(padding.crop(padded).unwrap()), before);
    }
}

#[test]
fn sizes_that_fit_are_left_alone() {
    let padding = Padding::new(64, 96, 32).unwrap();
    assert!(padding.is_empty());
    assert_eq!((padding.size(), padding.padded_size()), ([64, 96], [64, 96]));
}

#[test]
fn images_without_pixels_and_absurd_sizes_are_refused() {
    for (height, width, stride) in
        [(0, 8, 32), (8, 0, 32), (8, 8, 0), (usize::MAX, 8, 32), (8, usize::MAX, 32)]
    {
        let error = Padding::new(height, width, stride).unwrap_err();
        assert!(matches!(error, Error::PaddingSize { .. }), "{error}");
        assert!(error.to_string().contains("from 1 to 1048576"), "{error}");
    }
}

#[test]
fn tensors_of_another_size_are_refused() {
    let padding = Padding::new(10, 20, 8).unwrap();
    let x = |height, width| Tensor::<4>::zeros([1, 1, height, width], &Device::flex());
    for refused in [padding.pad(x(20, 10)), padding.crop(x(10, 20)), padding.crop(x(24, 16))] {
        let error = refused.unwrap_err();
        assert!(matches!(error, Error::MapSize { .. }) && error.to_string().contains("padding"), "{error}");
    }
}

#[test]
fn an_image_of_any_size_goes_through_a_network() {
    let device = Device::flex();
    let config: SegmentationConfig = "unet-resnet18".parse().unwrap();
    let refused = config.check_input(33, 50).unwrap_err().to_string();
    assert!(refused.contains("pad it to 64 x 64 with `Padding`"), "{refused}");
    assert!(matches!(config.check_input(0, 32), Err(Error::PaddingSize { .. })));
    assert!(matches!(
        config.clone().with_depth(99).check_input(usize::MAX, 32),
        Err(Error::PaddingSize { .. })
    ));
    config.check_input(32, 64).unwrap();

    let padding = config.padding(33, 50).unwrap();
    let x = padding.pad(Tensor::zeros([1, 3, 33, 50], &device)).unwrap();
    let logits = padding.crop(config.init(&device).unwrap().forward(x)).unwrap();
    assert_eq!(logits.dims(), [1, 2, 33, 50]);
}

#[test]
fn gradients_flow_back_through_padding_and_cropping() {
    let device = Device::flex().autodiff();
    let padding = Padding::new(3, 5, 4).unwrap();
    let x = Tensor::<4>::ones([1, 1, 3, 5], &device).require_grad();
    let grads = padding.pad(x.clone()).unwrap().sum().backward();
    // The last row stands twice, the last column four times.
    let expected = [1., 1., 1., 1., 4., 1., 1., 1., 1., 4., 2., 2., 2., 2., 8.];
    assert_eq!(values(x.grad(&grads).unwrap()), expected);
}
