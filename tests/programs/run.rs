//! Starting an example program that `cargo test` has built.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output};

/// The program `name`, which lies beside the tests in Cargo's target folder.
fn program(name: &str) -> Command {
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

/// Standard error as text.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
