//! What describes the program: help, completions, manual pages.

use std::collections::BTreeSet;

use crate::run::{program, run, stderr, stdout};

/// The subcommands that `pulmo --help` lists.
fn subcommands() -> BTreeSet<String> {
    let help = stdout(&program("--help").output().unwrap());
    let list = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let names: BTreeSet<String> = names.map(str::to_owned).collect();
    assert!(names.contains("analyze"), "{help}");
    names
}

#[test]
fn every_subcommand_says_what_it_does_and_gives_an_example() {
    for name in subcommands().iter().filter(|name| *name != "help") {
        let output = run(name, ["--help"]);
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        let help = stdout(&output);
        let about = help.lines().next().unwrap();
        assert!(about.len() > 20 && about.len() <= 120 && !about.starts_with("Usage"), "{name}: {about}");
        assert!(
            help.contains(&format!("\n  pulmo {name}")) || help.contains(&format!(" pulmo {name} ")),
            "{help}"
        );
        assert!(help.contains("--quiet") && help.contains("--json"), "{help}");
    }
}

#[test]
fn every_shell_gets_completions_of_every_subcommand() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run("completions", [shell]);
        assert!(output.status.success(), "{}", stderr(&output));
        let script = stdout(&output);
        for name in subcommands() {
            assert!(script.contains(&name), "{shell}: {name}");
        }
    }
}

#[test]
fn every_subcommand_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("man");
    let output = run("man", ["--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", stderr(&output));
    for name in subcommands().iter().filter(|name| *name != "help") {
        let page = std::fs::read_to_string(out.join(format!("pulmo-{name}.1"))).unwrap();
        assert!(page.contains(".TH") && page.contains("Example"), "{page}");
    }
    assert!(out.join("pulmo.1").exists());

    let refused = run("man", ["--out", "/dev/null/man"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        stderr(&refused).contains("cannot write manual pages into /dev/null/man"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn the_version_is_the_crates() {
    let output = program("--version").output().unwrap();
    assert_eq!(stdout(&output), format!("pulmo {}\n", env!("CARGO_PKG_VERSION")));
}
