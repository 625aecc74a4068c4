//! Starting a subcommand of `pulmo`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long a test waits for what has to come.
const PATIENCE: Duration = Duration::from_secs(120);

/// The repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The program `pulmo`, for the subcommand `name`.
pub(crate) fn program(name: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_pulmo"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        program.env_remove(variable);
    }
    program.arg(name);
    program
}

/// Runs `name` to its end.
pub(crate) fn run<A: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = A>) -> Output {
    program(name).args(arguments).output().unwrap()
}

/// Starts `name` and kills it once `file` is there.
pub(crate) fn run_until<A: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = A>, file: &Path) {
    let mut child = spawn(name, arguments);
    wait_for(file);
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

/// Waits until `file` is there.
pub(crate) fn wait_for(file: &Path) {
    let started = Instant::now();
    while !file.exists() && started.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Standard error as text.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Standard output as text.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Standard output as JSON.
pub(crate) fn json(output: &Output) -> serde_json::Value {
    assert!(!output.stdout.is_empty(), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}
