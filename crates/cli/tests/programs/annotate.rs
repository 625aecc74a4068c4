//! The annotation loop as a group would run it, on phantoms.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::Duration;

use pulmo::annotation::{BatchDecision, BatchTask, PanelDecision, PanelTask, Project, Reviewer};
use pulmo::data::CovidQuEx;
use pulmo::imaging::{Phantom, PhantomSpec};

use crate::phantoms::data_set;
use crate::run::{program, run, stderr};

/// Phantoms and their lungs as folders of X-rays and masks.
fn pictures(folder: &Path, count: u64) -> (PathBuf, PathBuf) {
    let (images, masks) = (folder.join("images"), folder.join("masks"));
    std::fs::create_dir_all(&images).unwrap();
    std::fs::create_dir_all(&masks).unwrap();
    for seed in 0..count {
        let phantom = Phantom::generate(&PhantomSpec::new(64, 500 + seed).unwrap()).unwrap();
        let name = format!("seed {seed}.png");
        phantom.xray().save_png(images.join(&name)).unwrap();
        phantom.lungs().both().as_mask().save_png(masks.join(&name)).unwrap();
    }
    (images, masks)
}

fn annotate(project: &Path, arguments: &[&str]) -> Output {
    let all = [&[project.to_str().unwrap()], arguments].concat();
    let output = run("annotate", all);
    assert!(output.status.success(), "{}", stderr(&output));
    output
}

/// A project of six images and four seeds whose proposals lie in a folder.
fn made(folder: &Path) -> (PathBuf, String) {
    let (images, masks) = pictures(&folder.join("seeds"), 10);
    let x_rays = folder.join("x-rays");
    std::fs::create_dir(&x_rays).unwrap();
    for seed in 4..10 {
        std::fs::rename(images.join(format!("seed {seed}.png")), x_rays.join(format!("seed {seed}.png")))
            .unwrap();
    }
    let project = folder.join("project");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let new = [
        "new",
        "--images",
        &text(&x_rays),
        "--seed-images",
        &text(&images),
        "--seed-masks",
        &text(&masks),
        "--candidates",
        "a",
        "--panel",
        "a,b,c",
        "--batch-share",
        "0.5",
        "--class",
        "COVID-19",
    ];
    annotate(&project, &new);
    (project, text(&masks))
}

#[test]
fn masks_from_folders_become_a_data_set() {
    let folder = tempfile::tempdir().unwrap();
    let (project, masks) = made(folder.path());
    let named: Vec<String> = ["a", "b", "c"].map(|name| format!("{name}={masks}")).into();
    let advance = ["advance", "--masks", &named[0], "--masks", &named[1], "--masks", &named[2]];
    let output = annotate(&project, &advance);
    assert!(stderr(&output).contains("a: DSC 1.0000"), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("3 images wait for people"));

    let by = Reviewer::new("Ada").unwrap();
    let mut opened = Project::open(&project).unwrap();
    for task in opened.tasks().collect::<Vec<BatchTask>>() {
        opened.decide(&task, BatchDecision::Accept, &by, Duration::from_secs(3)).unwrap();
    }
    assert!(stderr(&annotate(&project, &advance)).contains("Stage III: 3 images wait for a pick"));
    opened.refresh().unwrap();
    for task in opened.tasks().collect::<Vec<PanelTask>>() {
        opened.decide(&task, PanelDecision::Pick(3), &by, Duration::from_secs(2)).unwrap();
    }
    assert!(stderr(&annotate(&project, &advance)).contains("c was picked most often"));
    let status = annotate(&project, &["status"]);
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!((&status["masked"], &status["waiting"]["verification"]), (&6.into(), &1.into()));

    let out = folder.path().join("out");
    annotate(&project, &["export", out.to_str().unwrap()]);
    let index = CovidQuEx::open(&out).unwrap().index(pulmo::data::Part::LungSegmentation).unwrap();
    assert_eq!(index.len(), 6);
    assert!(index.cases().iter().all(|case| case.lung_mask().is_some()));
}

/// A program that ends with this value, also where an assertion fails.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _killed = self.0.kill();
        let _waited = self.0.wait();
    }
}

#[test]
fn the_page_is_served_on_this_machine_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (project, _) = made(folder.path());
    let server = program("annotate")
        .arg(&project)
        .args(["--port", "0", "--reviewer", "Ada"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut server = Ended(server);
    let url = BufReader::new(server.0.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let address = url.strip_prefix("http://").and_then(|url| url.strip_suffix('/')).unwrap();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /api/status HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    drop(server);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"reviewer\":\"Ada\""), "{answer}");

    let open = run("annotate", [project.to_str().unwrap(), "--address", "0.0.0.0", "--port", "0"]);
    assert!(!open.status.success());
    assert!(stderr(&open).contains("give a token"), "{}", stderr(&open));
    let proxied = run("annotate", [project.to_str().unwrap(), "--host", "review.example.org", "--port", "0"]);
    assert!(!proxied.status.success());
    assert!(stderr(&proxied).contains("give a token"), "{}", stderr(&proxied));
}

#[test]
fn x_rays_of_one_name_are_told_apart_and_masks_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 2);
    let (images, masks) = pictures(&folder.path().join("a"), 3);
    let (others, _) = pictures(&folder.path().join("b"), 3);
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let new = |more: &[&Path]| {
        let mut all = vec!["new".to_owned(), "--seed-images".to_owned(), text(&images)];
        all.extend(["--seed-masks".to_owned(), text(&masks)]);
        for path in more {
            all.extend(["--images".to_owned(), text(path)]);
        }
        all
    };
    let at = |name: &str| folder.path().join(name);
    let arguments: Vec<String> = new(&[&images, &others, &data]);
    annotate(&at("both"), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let project = Project::open(at("both")).unwrap();
    let ids: HashSet<&str> = project.images().iter().map(|image| image.id.as_str()).collect();
    assert!(ids.contains("seed 0") && ids.contains("seed 0-2"), "{ids:?}");
    let cases = CovidQuEx::open(&data).unwrap();
    let part = cases.parts().last().unwrap();
    assert_eq!(project.images().len(), 6 + cases.index(part).unwrap().len());

    let refused = |project: &str, arguments: Vec<String>, message: &str| {
        let all = [vec![text(&at(project))], arguments].concat();
        let output = run("annotate", all);
        assert!(!output.status.success());
        assert!(stderr(&output).contains(message), "{message}: {}", stderr(&output));
    };
    // A folder of a class holds X-rays and masks side by side.
    let class = cases.folder(part).unwrap().join("Train").join("Normal");
    refused("masks", new(&[&class]), "holds masks, not X-rays");
    // Everything that cannot be read is named, with what to do.
    for name in ["one.dcm", "two.png"] {
        std::fs::write(others.join(name), "not an image").unwrap();
    }
    for part in ["one.dcm", "two.png", "`pulmo compile` does that"] {
        refused("unreadable", new(&[&others]), part);
    }
}

#[test]
fn wrong_arguments_are_refused_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let (project, masks) = made(folder.path());
    let project = project.to_str().unwrap();
    let one = format!("a={masks}");
    for (arguments, message) in [
        (vec!["/nowhere"], "no annotation project"),
        (
            vec![project, "new", "--images", &masks, "--seed-images", &masks, "--seed-masks", &masks],
            "holds a project already",
        ),
        (vec![project, "advance", "--masks", "a=/nowhere"], "/nowhere"),
        (vec![project, "advance", "--masks", "a"], "NAME=FOLDER"),
        (vec![project, "advance"], "a: "),
        (vec![project, "export", "/dev/null/out"], "cannot create"),
        (vec![project, "--token", "short"], "at least 22"),
    ] {
        let output = run("annotate", &arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(stderr(&output).contains(message), "{arguments:?}: {}", stderr(&output));
    }
    // Of two who train at once, the second waits.
    let lock = std::fs::File::create(Path::new(project).join("networks/networks.lock")).unwrap();
    lock.lock().unwrap();
    let second = run("annotate", [project, "advance"]);
    assert!(stderr(&second).contains("another program trains"), "{}", stderr(&second));
    // One folder is enough until another network is needed.
    assert!(run("annotate", [project, "advance", "--masks", &one]).status.success());
}

#[test]
fn the_whole_loop_runs_by_simulated_reviewers() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data, 4);
    let (images, masks) = pictures(folder.path(), 6);
    let out = folder.path().join("out");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let options = [
        &text(&out),
        "simulate",
        "--seed-images",
        &text(&images),
        "--seed-masks",
        &text(&masks),
        "--data",
        &text(&data),
        "--candidates",
        "unet-resnet18",
        "--panel",
        "unet-resnet18,unetplusplus-resnet18,fpn-resnet18",
        "--images",
        "12",
        "--batch-size",
        "3",
        "--batch-share",
        "0.5",
        "--size",
        "32",
        "--depth",
        "3",
        "--epochs",
        "4",
        "--retrain-epochs",
        "1",
        "--batch",
        "4",
        "--accept",
        "0.8",
        "--deny",
        "0.6",
    ]
    .map(str::to_owned);
    let output = run("annotate", &options);
    assert!(output.status.success(), "{}", stderr(&output));
    let table = std::fs::read_to_string(out.join("rounds.csv")).unwrap();
    for round in ["Stage II batch 1,3,", "Stage II batch 2,3,", "Stage III,6,", "Stage IV,2,"] {
        assert!(table.contains(round), "{round}: {table}");
    }
    let made: f64 = table.lines().last().unwrap().rsplit(',').next().unwrap().parse().unwrap();
    assert!(made >= 0.6, "reviewers let nothing worse than they tolerate through: {table}");
    assert!(std::fs::read_to_string(out.join("rounds.svg")).unwrap().starts_with("<svg"));
    let project = Project::open(out.join("project")).unwrap();
    assert_eq!(project.statistics().phase, "complete");

    // Run again, nothing is left to do; with other options, it is refused.
    let again = run("annotate", &options);
    assert!(again.status.success(), "{}", stderr(&again));
    assert_eq!(Project::open(out.join("project")).unwrap().head(), project.head());
    let other = run("annotate", options.iter().map(|o| if o == "0.5" { "0.25" } else { o }));
    assert!(stderr(&other).contains("a loop with other options"), "{}", stderr(&other));
}
