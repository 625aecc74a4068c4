//! Runs that follow each other, also after a kill.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use pulmo_compile::{Compiler, Error, Options, Progress, Source};
use support::{Bench, SIDE, changed, phantom, tree};

const CHILD: &str = "PULMO_COMPILE_IN_CHILD";
const FILES: u64 = 6;

fn fill(bench: &Bench) {
    for seed in 1..=FILES {
        bench.phantom(&format!("all/normal/{seed}.png"), seed);
    }
    bench.save("all/normal/white.png", &changed(phantom(SIDE, 1).xray(), |value| value * 3.0));
    bench.phantom("all/covid/copy.png", 2);
    std::fs::write(bench.source("all").join("nothing.png"), b"").unwrap();
}

fn compiler(folder: &Path, out: &Path) -> Compiler {
    let source = Source::new("all", folder.join("all")).unwrap();
    Compiler::new(vec![source], out, Options::default()).unwrap()
}

#[test]
fn a_second_run_changes_nothing_and_reads_nothing_again() {
    let bench = Bench::new();
    fill(&bench);
    let first = bench.run(&["all"]).unwrap();
    let before = tree(&bench.out());
    let times: Vec<_> = before.keys().map(|name| modified(&bench.out().join(name))).collect();
    let second = bench.run(&["all"]).unwrap();
    assert_eq!(first, second);
    assert!(tree(&bench.out()) == before, "bytes differ");
    for (name, time) in before.keys().zip(times) {
        assert_eq!(modified(&bench.out().join(name)), time, "{name}");
    }
}

fn modified(path: &Path) -> std::time::SystemTime {
    path.metadata().unwrap().modified().unwrap()
}

#[test]
fn a_changed_file_is_read_again_and_a_removed_one_leaves_the_set() {
    let bench = Bench::new();
    fill(&bench);
    let first = bench.run(&["all"]).unwrap();
    bench.phantom("all/normal/3.png", 300);
    std::fs::remove_file(bench.source("all/normal").join("4.png")).unwrap();
    let second = bench.run(&["all"]).unwrap();
    assert_eq!(second.kept().total() + 1, first.kept().total());
    let fresh = bench.folder.path().join("fresh");
    compiler(bench.folder.path(), &fresh).run(&|_| {}).unwrap();
    assert!(tree(&bench.out()) == tree(&fresh), "a run on top of an old one differs from a fresh one");
}

#[test]
fn torn_and_foreign_lines_of_the_journal_are_passed_over() {
    let bench = Bench::new();
    fill(&bench);
    bench.run(&["all"]).unwrap();
    let before = tree(&bench.out());
    let path = bench.out().join("journal.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("rubbish\n{}", &whole[..whole.len() / 2])).unwrap();
    bench.run(&["all"]).unwrap();
    assert!(tree(&bench.out()) == before);
}

#[test]
fn half_written_files_of_a_kill_are_swept_even_before_the_folder_is_marked() {
    let bench = Bench::new();
    fill(&bench);
    std::fs::create_dir(bench.out()).unwrap();
    std::fs::write(bench.out().join(".pulmo-abc.tmp"), b"{").unwrap();
    bench.run(&["all"]).unwrap();
    let before = tree(&bench.out());
    let image = before.keys().find(|name| name.contains("images")).unwrap();
    for folder in [bench.out().join("prepared"), bench.out().join(image).parent().unwrap().to_owned()] {
        std::fs::write(folder.join(".pulmo-def.tmp"), b"half").unwrap();
    }
    bench.run(&["all"]).unwrap();
    assert!(tree(&bench.out()) == before);
}

#[test]
fn lost_pictures_are_made_again() {
    let bench = Bench::new();
    fill(&bench);
    bench.run(&["all"]).unwrap();
    let before = tree(&bench.out());
    for name in before.keys().filter(|name| name.ends_with(".png")).step_by(3) {
        std::fs::remove_file(bench.out().join(name)).unwrap();
    }
    bench.run(&["all"]).unwrap();
    assert!(tree(&bench.out()) == before);
}

/// Not a test by itself: what the next one starts and kills.
#[test]
fn child_of_the_kill_test() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let folder = Path::new(&folder);
    let slowly = Mutex::new(());
    compiler(folder, &folder.join("set"))
        .run(&|_| {
            let _one_by_one = slowly.lock();
            std::thread::sleep(Duration::from_millis(15));
        })
        .unwrap();
}

#[test]
fn killed_at_any_time_the_next_run_ends_as_one_without_a_kill() {
    let bench = Bench::new();
    fill(&bench);
    let whole = bench.folder.path().join("whole");
    compiler(bench.folder.path(), &whole).run(&|_| {}).unwrap();
    let expected = tree(&whole);
    let mut interrupted = 0;
    for pause in [20, 60, 120, 180, 240, 300] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_of_the_kill_test"])
            .env(CHILD, bench.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while !bench.out().exists() && started.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis(pause));
        interrupted += usize::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(interrupted > 0);
    let last = Mutex::new(Vec::new());
    compiler(bench.folder.path(), &bench.out()).run(&|progress| last.lock().unwrap().push(progress)).unwrap();
    assert!(last.lock().unwrap().contains(&Progress::Writing));
    assert!(tree(&bench.out()) == expected, "bytes differ");
}

#[test]
fn two_runs_do_not_write_one_folder_at_a_time() {
    let bench = Bench::new();
    fill(&bench);
    let second = Mutex::new(None);
    compiler(bench.folder.path(), &bench.out())
        .run(&|progress| {
            if progress == Progress::Comparing {
                let error = compiler(bench.folder.path(), &bench.out()).run(&|_| {}).unwrap_err();
                *second.lock().unwrap() = Some(error);
            }
        })
        .unwrap();
    assert!(matches!(second.into_inner().unwrap(), Some(Error::Busy { .. })));
    bench.run(&["all"]).unwrap();
}

#[test]
fn what_another_version_read_is_read_again() {
    let bench = Bench::new();
    fill(&bench);
    bench.run(&["all"]).unwrap();
    let before = tree(&bench.out());
    let path = bench.out().join("journal.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let older = text.replace("\"near_white\":0.", "\"near_white\":7.");
    assert_ne!(older, text);
    std::fs::write(&path, older.replace("\"read_as\":1,", "")).unwrap();
    bench.run(&["all"]).unwrap();
    assert!(tree(&bench.out()) == before);
}

#[test]
fn a_damaged_picture_is_told_and_made_again() {
    let bench = Bench::new();
    fill(&bench);
    bench.run(&["all"]).unwrap();
    let before = tree(&bench.out());
    let picture = before.keys().find(|name| name.starts_with("prepared/")).unwrap();
    std::fs::write(bench.out().join(picture), b"damaged").unwrap();
    let error = bench.run(&["all"]).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }) && error.to_string().contains("run again"), "{error}");
    bench.run(&["all"]).unwrap();
    assert!(tree(&bench.out()) == before);
}
