//! An output folder that is given by its bare name. The only test of its program, since it changes the folder that the
//! process works in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pulmo_compile::{Compiler, Error, Options, Source};
use support::Bench;

#[test]
fn the_output_may_be_a_bare_name() {
    let bench = Bench::new();
    bench.phantom("all/normal/1.png", 1);
    std::env::set_current_dir(bench.folder.path()).unwrap();
    let run = |out: &str| {
        let source = Source::new("all", "all").unwrap();
        Compiler::new(vec![source], out, Options::default()).unwrap().run(&|_| {})
    };
    assert_eq!(run("my-set").unwrap().kept().total(), 1);
    assert!(bench.folder.path().join("my-set/index.html").exists());
    assert_eq!(run("my-set").unwrap().kept().total(), 1);
    assert!(matches!(run("all").unwrap_err(), Error::Nested { .. }));
}
