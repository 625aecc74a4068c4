//! Every example runs, and says what it is to say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(feature = "flex")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use pulmo::imaging::{Phantom, PhantomSpec};
use pulmo::prelude::*;
use pulmo::segmentation::weights::{Precision, collect, write_safetensors};

/// The example of this name, which `cargo test` has built beside the tests.
fn lesson(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let file = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(file.exists(), "{} is not built; run the tests with `cargo test`", file.display());
    Command::new(file)
}

/// What it prints when all is well.
fn printed<A: AsRef<std::ffi::OsStr>>(name: &str, arguments: impl IntoIterator<Item = A>) -> String {
    let output = lesson(name).args(arguments).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// An example that takes no arguments.
fn plain(name: &str) -> String {
    printed(name, [""; 0])
}

#[test]
fn analyze() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    printed("analyze", [Path::new("docs/images/phantom.png"), Path::new("--out"), &out]);
    for file in ["lung.png", "infection.png", "overlay.png", "report.json"] {
        assert!(out.join("phantom").join(file).exists(), "{file}");
    }
    assert!(out.join("summary.csv").exists() && out.join("index.html").exists());

    let broken = folder.path().join("broken.png");
    std::fs::write(&broken, "no picture").unwrap();
    let files = [&broken, Path::new("--out"), &out];
    assert_eq!(lesson("analyze").args(files).status().unwrap().code(), Some(1), "a file that failed");
    assert_eq!(lesson("analyze").arg("--out").status().unwrap().code(), Some(2), "wrong use");
}

#[test]
fn masks() {
    let text = plain("masks");
    for zone in ["upper zone", "middle zone", "lower zone", "pixels are infected"] {
        assert!(text.contains(zone), "{text}");
    }
}

#[test]
fn severity_scale() {
    let text = plain("severity_scale");
    assert!(text.contains("pulmo-25-50-75") && text.contains("hospital"), "{text}");
}

#[test]
fn ensemble() {
    let text = plain("ensemble");
    assert!(text.contains("lungs by 2 networks") && text.contains("infected: "), "{text}");
}

#[test]
fn train() {
    let folder = tempfile::tempdir().unwrap();
    let (data, model) = (folder.path().join("data"), folder.path().join("model"));
    for (split, seeds) in [("Train", 0..4), ("Val", 4..6)] {
        for part in ["images", "lung masks"] {
            std::fs::create_dir_all(data.join(split).join(part)).unwrap();
        }
        for seed in seeds {
            let phantom = Phantom::generate(&PhantomSpec::new(64, seed).unwrap()).unwrap();
            let file = |part: &str| data.join(split).join(part).join(format!("{seed}.png"));
            phantom.xray().save_png(file("images")).unwrap();
            phantom.lungs().both().as_mask().save_png(file("lung masks")).unwrap();
        }
    }
    let text = printed("train", [data.as_os_str(), model.as_os_str(), "32".as_ref(), "1".as_ref()]);
    assert!(text.contains("segments lungs at 32 px"), "{text}");
    assert!(printed("own_data", [""; 0]).contains("4 cases for training"));
}

#[test]
fn training_loop() {
    let text = plain("training_loop");
    let losses = text.lines().filter_map(|line| line.split("loss ").nth(1)?.parse::<f64>().ok());
    let losses: Vec<f64> = losses.collect();
    assert!(losses.len() == 8 && losses[7] < losses[0], "{text}");
}

#[test]
fn pytorch() {
    // The reader of `.pth` files has tests of its own; the example takes safetensors by the same call.
    let folder = tempfile::tempdir().unwrap();
    let (checkpoint, model) = (folder.path().join("smp.safetensors"), folder.path().join("model"));
    let network: SegmentationConfig = "unet-resnet18".parse().unwrap();
    let weights = collect(&network.init(&Device::flex()).unwrap()).unwrap();
    write_safetensors(&checkpoint, &weights, Precision::Full).unwrap();
    printed("pytorch", [&checkpoint, &model]);
    assert_eq!(ModelFolder::open(&model).unwrap().manifest().name, "lung-from-pytorch");
}

#[test]
fn gpu_batch() {
    let text = printed("gpu_batch", ["flex", "docs/images/phantom.png", "docs/images/phantom.png"]);
    assert_eq!(text.matches("lungs fill").count(), 2, "{text}");
}

#[test]
fn service() {
    let mut server = lesson("service").arg("127.0.0.1:0").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit(' ').next().unwrap().to_owned();
    let picture = std::fs::read("docs/images/phantom.png").unwrap();
    let done = post(&address, &picture);
    let refused = post(&address, b"no picture");
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(done.starts_with("HTTP/1.1 200") && done.contains("\"infected_percent\""), "{done}");
    assert!(refused.starts_with("HTTP/1.1 422"), "{refused}");
}

/// The answer to a request that sends `body`.
fn post(address: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST /analyze HTTP/1.1\r\nHost: pulmo\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
