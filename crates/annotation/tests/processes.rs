//! Several writers at once, and writers that are killed. A child process is this test program, told what to do by the
//! environment.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use pulmo_annotation::{BatchDecision, BatchTask, Error, LEDGER_FILE, Project, Queue};
use pulmo_imaging::Mask;
use support::{SIDE, advance, project, project_with, reviewer, spec};

const JOB: &str = "PULMO_TEST_JOB";
const PROJECT: &str = "PULMO_TEST_PROJECT";
const KILLS: u64 = 200;

/// Does nothing unless a test has started it as a child.
#[test]
fn child() {
    let Ok(job) = std::env::var(JOB) else { return };
    let folder = std::env::var(PROJECT).unwrap();
    let project = Project::open(folder).unwrap();
    match job.as_str() {
        "endless" => decide_for_ever(project),
        name => decide_all(project, name),
    }
}

fn start(job: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(JOB, job)
        .env(PROJECT, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Says on standard output what was confirmed.
fn confirm(seq: u64, hash: impl std::fmt::Display) {
    let mut out = std::io::stdout();
    writeln!(out, "confirmed {seq} {hash}").and_then(|()| out.flush()).unwrap();
}

/// Decides and takes back without end, every kind of decision in turn.
fn decide_for_ever(mut project: Project) {
    let by = reviewer("Killed");
    for round in 0_u32.. {
        let Some(task) = project.tasks::<BatchTaskKind>().next() else {
            project.undo_last(&by).unwrap();
            continue;
        };
        let decision = match round % 4 {
            0 => BatchDecision::Accept,
            1 => BatchDecision::Reject(
                Mask::from_fn(SIDE, SIDE, |x, y| (x + y * SIDE) % 97 < round % 97).unwrap(),
            ),
            2 => BatchDecision::Unsure,
            _ => BatchDecision::Exclude,
        };
        let receipt = project.decide(&task, decision, &by, Duration::from_millis(5)).unwrap();
        confirm(receipt.seq, receipt.hash);
    }
}

type BatchTaskKind = pulmo_annotation::Batch;

fn decide_all(mut project: Project, name: &str) {
    let by = reviewer(name);
    loop {
        project.refresh().unwrap();
        let tasks: Vec<BatchTask> = project.tasks().collect();
        // Each begins elsewhere, so that they meet in the middle.
        let task = if name == "Ada" { tasks.first() } else { tasks.last() };
        let Some(task) = task else { return };
        match project.decide(task, BatchDecision::Accept, &by, Duration::ZERO) {
            Ok(receipt) => confirm(receipt.seq, receipt.hash),
            Err(Error::AlreadyDecided { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

fn confirmed(lines: &[String]) -> Vec<(u64, String)> {
    let said = lines.iter().filter_map(|line| line.split_once("confirmed "));
    said.map(|(_, words)| words.split_once(' ').unwrap())
        .map(|(seq, hash)| (seq.parse().unwrap(), hash.to_owned()))
        .collect()
}

/// The hashes on record, by sequence number.
fn recorded(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(LEDGER_FILE)).unwrap();
    text.lines().map(|line| line.split('"').nth(3).unwrap().to_owned()).collect()
}

#[test]
fn no_confirmed_decision_is_lost_in_two_hundred_kills() {
    let folder = tempfile::tempdir().unwrap();
    let (mut made, mut oracle) = project(folder.path(), 6);
    advance(&mut made, &mut oracle);
    advance(&mut made, &mut oracle);
    let path = made.folder().to_owned();
    let mut total = 0;
    for kill in 0..KILLS {
        let mut child = start("endless", &path);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut seen = Vec::new();
        // Wait for the first decision in most rounds, so that the kill falls among decisions, then for some while.
        while kill % 8 != 0 && confirmed(&seen).is_empty() {
            seen.push(lines.next().unwrap().unwrap());
        }
        std::thread::sleep(Duration::from_micros(kill * 7919 % 20_000));
        child.kill().unwrap();
        child.wait().unwrap();
        seen.extend(lines.map_while(Result::ok));

        let project = Project::open(&path).unwrap();
        let recorded = recorded(&path);
        assert_eq!(project.head().entries, recorded.len() as u64);
        let confirmed = confirmed(&seen);
        total += confirmed.len();
        for (seq, hash) in confirmed {
            assert_eq!(recorded.get(seq as usize), Some(&hash), "kill {kill}: decision {seq} was confirmed");
        }
        let masks = project.state().images().iter().filter_map(|image| image.mask());
        for (mask, _) in masks {
            project.masks().get(mask).unwrap();
        }
    }
    assert!(total > KILLS as usize / 2, "{total} decisions were confirmed");
    println!("{KILLS} kills, {total} confirmed decisions, all there");
}

#[test]
fn two_processes_decide_at_once_and_no_image_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut spec = spec();
    (spec.batch_size, spec.batch_share) = (40, 1.0);
    let (mut made, mut oracle) = project_with(folder.path(), 40, spec);
    advance(&mut made, &mut oracle);
    advance(&mut made, &mut oracle);
    let children = ["Ada", "Grace"].map(|name| start(name, made.folder()));
    let mut all = BTreeSet::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let lines: Vec<String> =
            String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
        for said in confirmed(&lines) {
            assert!(all.insert(said), "an entry was confirmed twice");
        }
    }
    assert_eq!(all.len(), 40);
    made.refresh().unwrap();
    assert_eq!(made.statistics().masked, 40);
    assert_eq!(made.state().waiting_in(Queue::Batch), 0);
    let recorded = recorded(made.folder());
    assert!(all.iter().all(|(seq, hash)| recorded[*seq as usize] == *hash));
}

#[test]
fn threads_with_a_project_each_append_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let mut spec = spec();
    (spec.batch_size, spec.batch_share) = (30, 1.0);
    let (mut made, mut oracle) = project_with(folder.path(), 30, spec);
    advance(&mut made, &mut oracle);
    advance(&mut made, &mut oracle);
    let path = made.folder();
    std::thread::scope(|scope| {
        for name in ["Ada", "Grace", "Barbara"] {
            scope.spawn(move || decide_all(Project::open(path).unwrap(), name));
        }
    });
    let project = Project::open(path).unwrap();
    assert_eq!(project.statistics().masked, 30);
    assert_eq!(project.head().entries, 3 + 30);
}

#[test]
fn a_stale_page_cannot_overwrite_a_decision() {
    let folder = tempfile::tempdir().unwrap();
    let (mut mine, mut oracle) = project(folder.path(), 6);
    advance(&mut mine, &mut oracle);
    advance(&mut mine, &mut oracle);
    let mut theirs = Project::open(mine.folder()).unwrap();
    let task: BatchTask = mine.tasks().next().unwrap();
    let stale: BatchTask = theirs.tasks().next().unwrap();
    mine.decide(&task, BatchDecision::Accept, &reviewer("Ada"), Duration::ZERO).unwrap();
    let refused = theirs.decide(&stale, BatchDecision::Exclude, &reviewer("Grace"), Duration::ZERO);
    let refused = refused.unwrap_err();
    assert!(matches!(&refused, Error::AlreadyDecided { by, .. } if by.as_str() == "Ada"), "{refused}");
    assert_eq!(theirs.statistics().masked, 1, "the refusal brought the other's decision along");
}
