//! Starting an example program that `cargo test` has built.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The program `name`, which lies beside the tests in Cargo's target folder.
pub(crate) fn program(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let file: PathBuf = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(file.exists(), "{} is not built; run the tests with `cargo test`", file.display());
    Command::new(file)
}

/// Runs `name` to its end.
pub(crate) fn run<A: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = A>) -> Output {
    program(name).args(arguments).output().unwrap()
}

/// Starts `name` and kills it once `file` is there.
pub(crate) fn run_until<A: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = A>, file: &Path) {
    let mut child = spawn(name, arguments);
    let patience = Instant::now();
    while !file.exists() && patience.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Starts `name` and kills it after a time.
pub(crate) fn run_for<A: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = A>, time: Duration) {
    let mut child = spawn(name, arguments);
    std::thread::sleep(time);
    child.kill().unwrap();
    child.wait().unwrap();
}

fn spawn<A: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = A>) -> Child {
    program(name).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Standard error as text.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
