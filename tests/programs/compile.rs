//! The `compile` example.

use super::phantoms::picture;
use super::run::{program, run, stderr};

#[test]
fn a_set_is_compiled_with_its_page_and_mistakes_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    std::fs::create_dir(&images).unwrap();
    for seed in 1..=2 {
        picture(&images.join(format!("{seed}.png")), seed);
    }
    std::fs::copy(images.join("1.png"), images.join("copy.png")).unwrap();
    let out = folder.path().join("set");
    let source = format!("phantoms={}", images.display());
    let arguments = |class: &str| {
        vec![source.clone(), "--class".into(), class.to_owned(), "--out".into(), out.display().to_string()]
    };
    let done = run("compile", arguments("phantoms=normal"));
    assert!(done.status.success(), "{}", stderr(&done));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.contains("2 of 3 files") && said.contains("left out, exact duplicate: 1"), "{said}");
    assert!(out.join("index.html").exists() && out.join("manifest.csv").exists());

    let wrong = run("compile", arguments("phantoms=measles"));
    assert!(
        !wrong.status.success() && stderr(&wrong).contains("'measles' is no class"),
        "{}",
        stderr(&wrong)
    );
    let unknown = run("compile", arguments("others=normal"));
    assert!(!unknown.status.success() && stderr(&unknown).contains("no source is called 'others'"));
}

#[test]
fn the_output_may_be_a_bare_name() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("normal");
    std::fs::create_dir(&images).unwrap();
    picture(&images.join("1.png"), 1);
    let done = program("compile")
        .args(["normal", "--class", "normal=Normal", "--out", "my-set"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", stderr(&done));
    assert!(folder.path().join("my-set/manifest.csv").exists());
}
