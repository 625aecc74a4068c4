//! Devices that a server lends, here one on this machine: the same numbers, trained too, and errors that say what to do.
#![cfg(feature = "remote-server")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "programs/run.rs"]
#[allow(dead_code)]
mod run;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::Arc;

use burn::tensor::{Distribution, Tensor};
use pulmo::data::{Class, Sample, SampleCache};
use pulmo::device::{Backend, DeviceName, TOKEN_VARIABLE};
use pulmo::imaging::{Phantom, PhantomInfection, PhantomSpec};
use pulmo::nn::has_own_kernels;
use pulmo::prelude::*;
use pulmo::training::{Recipe, RunFolder, Trained, Trainer};
use run::program;

const SIZE: u32 = 32;

/// `pulmo serve`, for as long as it lives.
struct Server(Child);

impl Server {
    /// Lends two devices to whoever shows the token; the name of the first.
    fn start(token: Option<&str>) -> (Self, String) {
        let mut command = program("serve");
        command.args(["--listen", "127.0.0.1:0", "--device", "flex", "--device", "flex"]);
        command.env_remove(TOKEN_VARIABLE).envs(token.map(|token| (TOKEN_VARIABLE, token)));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut name = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut name).unwrap();
        (Self(child), name.trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn config() -> SegmentationConfig {
    "unet-resnet18".parse::<SegmentationConfig>().unwrap().with_depth(3)
}

fn values(tensor: Tensor<4>) -> Vec<f32> {
    tensor.try_into_vec_as::<f32>().unwrap()
}

fn samples() -> Arc<SampleCache> {
    let sample = |seed: u64| {
        let infection = PhantomInfection::Patchy { fraction_hint: 0.4 };
        let spec = PhantomSpec::new(SIZE, seed).unwrap().with_infection(infection).unwrap();
        let phantom = Phantom::generate(&spec).unwrap();
        let grey = phantom.xray().pixels().iter().map(|value| (value * 255.0) as u8).collect();
        let bits = |mask: &pulmo::imaging::Mask| mask.bits().iter().map(|&bit| u8::from(bit)).collect();
        let (lung, infection) = (bits(phantom.lungs().both().as_mask()), bits(phantom.infection().as_mask()));
        Sample::new(format!("{seed}"), Class::Covid19, SIZE as usize, grey, lung, infection).unwrap()
    };
    Arc::new(SampleCache::from_samples((1..=8).map(sample).collect()).unwrap())
}

/// Two epochs of four steps from the same weights, which the CPU draws.
fn trained(device: &Device) -> Trained {
    let mut recipe = Recipe::new(Task::Infection, config());
    (recipe.size, recipe.batch, recipe.epochs) = (SIZE as usize, 2, 2);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::create(&folder.path().join("run"), &recipe).unwrap();
    let model = Trainer::new(recipe.clone(), &Device::flex()).unwrap().initial_model().unwrap();
    let trainer = Trainer::new(recipe, device).unwrap();
    trainer.run(&run, on(model, device), samples(), samples()).unwrap()
}

fn on(model: SegmentationModel, device: &Device) -> SegmentationModel {
    burn::module::Module::to_device(model, device)
}

#[test]
fn a_lent_device_computes_and_trains_what_a_near_one_does() {
    let (_server, name) = Server::start(None);
    let name: DeviceName = name.parse().unwrap();
    assert_eq!(name.backend(), Backend::Remote);
    let device = name.open().unwrap();
    assert!(!has_own_kernels(&device));

    let near = Device::flex();
    let model = config().init(&near).unwrap();
    let images = Tensor::<4>::random([2, 3, 64, 64], Distribution::Normal(0.0, 1.0), &near);
    let expected = values(model.forward(images.clone()));
    let found = values(on(model, &device).forward(images.to_device(&device)));
    let largest = expected.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-4 * largest, "{found} is not {expected}");
    }

    let (far, near) = (trained(&device), trained(&near));
    for (far, near) in far.curves.iter().zip(&near.curves) {
        let difference = (far.train_loss - near.train_loss).abs();
        assert!(difference < 2e-2 * near.train_loss, "{} is not {}", far.train_loss, near.train_loss);
    }
    assert_eq!(far.curves.len(), 2);
    assert!(far.curves[1].train_loss < far.curves[0].train_loss);

    // The second one of the server's, and no third.
    name.clone().with_index(1).unwrap().open().unwrap();
    let error = name.with_index(2).unwrap().open().unwrap_err().to_string();
    assert!(error.contains("/2' cannot be opened") && error.contains('2'), "{error}");
}

#[test]
fn strangers_and_absent_servers_are_refused_with_a_remedy() {
    let (_server, name) = Server::start(Some("secret"));
    let error = name.parse::<DeviceName>().unwrap().open().unwrap_err().to_string();
    assert!(error.starts_with(&format!("device '{name}' cannot be opened")), "{error}");

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = format!("remote:{free}").parse::<DeviceName>().unwrap().open().unwrap_err().to_string();
    assert!(error.contains("see that its server runs"), "{error}");

    let open = program("serve").args(["--listen", "0.0.0.0:0"]).env_remove(TOKEN_VARIABLE).output().unwrap();
    assert_eq!(open.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&open.stderr).contains(TOKEN_VARIABLE), "{open:?}");
}

#[test]
fn addresses_are_a_host_and_a_port() {
    for name in ["remote:gpu:3000", "remote:gpu:3000/1", "remote:[::1]:3000", "remote:10.0.0.1:1/0"] {
        assert_eq!(name.parse::<DeviceName>().unwrap().to_string(), name);
    }
    for name in [
        "remote",
        "remote:",
        "remote:gpu",
        "remote::3000",
        "remote:gpu:0",
        "remote:gpu:70000",
        "remote:::1:3000",
    ] {
        let error = name.parse::<DeviceName>().unwrap_err().to_string();
        assert!(error.contains("is no address of a server"), "{name}: {error}");
    }
    let error = DeviceName::new(Backend::Remote).open().unwrap_err().to_string();
    assert!(error.contains("it needs a server's address"), "{error}");
    for name in ["remote:gpu:3000/", "remote:gpu:3000/x", "remote:user@gpu:3000", "remote:gpu :3000"] {
        assert!(name.parse::<DeviceName>().is_err(), "{name}");
    }
}
