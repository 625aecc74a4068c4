//! A training loop by hand, for what recipes have no word for: Pulmo's networks and losses, Burn's optimiser.
//!
//! `cargo run --release --example training_loop`

use pulmo::burn::optim::{AdamWConfig, GradientsParams};
use pulmo::burn::prelude::*;
use pulmo::encoders::Preprocessing;
use pulmo::imaging::{Phantom, PhantomSpec};
use pulmo::prelude::*;
use pulmo::segmentation::input_tensor;

const SIDE: usize = 64;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Whether gradients are tracked is a property of the device.
    let device = Device::flex().autodiff();
    device.seed(1);
    let network: SegmentationConfig = "unet-resnet18".parse()?;
    let network = network.with_depth(3);
    let mut model = network.init(&device)?;
    let loss: SegmentationLoss = "ce+dice".parse()?;
    let mut optimiser = AdamWConfig::new().with_weight_decay(0.01).init();

    // Four drawn chests, with their lungs as the target.
    let chests = (0..4).map(|seed| Phantom::generate(&PhantomSpec::new(SIDE as u32, seed)?));
    let chests = chests.collect::<Result<Vec<_>, _>>()?;
    let pixels: Vec<&[f32]> = chests.iter().map(|chest| chest.xray().pixels()).collect();
    let preprocessing = Preprocessing::of(network.encoder.name);
    let images = input_tensor(&pixels, SIDE, network.encoder.in_channels, &preprocessing, &device);
    let lungs = chests.iter().flat_map(|chest| chest.lungs().both().as_mask().bits().to_vec());
    let lungs: Vec<i32> = lungs.map(i32::from).collect();
    let targets = Tensor::<3, Int>::from_data(TensorData::new(lungs, [chests.len(), SIDE, SIDE]), &device);

    for step in 1..=8 {
        let loss = loss.forward(model.forward(images.clone()), targets.clone());
        println!("step {step}: loss {:.4}", loss.clone().into_scalar::<f32>());
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimiser.step(2e-3, model, gradients);
    }

    // Without gradients the same network computes as it will in the pipeline.
    let model = model.valid();
    let logits = model.forward(images.without_autodiff());
    println!("logits {:?}", logits.dims());
    Ok(())
}
