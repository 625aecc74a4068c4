//! A batch on a GPU: several X-rays through a network in one pass.
//!
//! `cargo run --release --features wgpu --example gpu_batch -- wgpu <image>...`

use std::env;

use pulmo::burn::tensor::s;
use pulmo::device::hardware;
use pulmo::pipeline::bundled;
use pulmo::prelude::*;
use pulmo::segmentation::input_tensor;

fn main() -> Result<(), Error> {
    let mut arguments = env::args().skip(1);
    // `wgpu`, `cuda:1`, `remote:gpu-machine:3000`; a driver that is missing is an error here and no panic later.
    let device = arguments.next().unwrap_or_else(|| "wgpu".to_owned()).parse::<DeviceName>()?.open()?;
    println!("on {}", hardware(&device).unwrap_or_else(|| "the CPU".to_owned()));

    let folder = bundled::lung()?;
    let (manifest, model) = (folder.manifest(), folder.model(&device)?);
    let side = manifest.input_size;

    // X-rays of any size, each resized to the network's.
    let mut files: Vec<String> = arguments.collect();
    if files.is_empty() {
        files.push("docs/images/phantom.png".to_owned());
    }
    let mut images = Vec::new();
    for file in &files {
        let xray = XraySource::path(file).read()?;
        images.push(xray.resized(side as u32, side as u32));
    }
    let pixels: Vec<&[f32]> = images.iter().map(|image| image.pixels()).collect();
    let channels = manifest.network.encoder.in_channels;
    let batch = input_tensor(&pixels, side, channels, &manifest.preprocessing, &device);

    // [N, 2, H, W]: background and lung. One number for each image comes back from the device.
    let lung = model.probabilities(batch).slice(s![.., 1, .., ..]);
    let share = lung.greater_scalar(manifest.mask_threshold).float().mean_dims(&[1, 2, 3]);
    for (file, share) in files.iter().zip(share.into_data().iter::<f32>()) {
        println!("{file}: lungs fill {:.1} % of the image", 100.0 * share);
    }
    Ok(())
}
