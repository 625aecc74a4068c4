//! Data sets from folders.

use crate::phantoms::picture;
use crate::run::{json, program, run, stderr};

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

    let again = json(&run("compile", arguments("phantoms=normal").into_iter().chain(["--json".to_owned()])));
    assert_eq!(
        (&again["files"], &again["kept"], &again["left_out"]["exact duplicate"]),
        (&3.into(), &2.into(), &1.into())
    );

    for (class, message) in [
        ("phantoms=measles", "error: --class: 'measles' is no class"),
        ("others=normal", "error: --class: no source is called 'others'"),
        ("phantoms", "write it with '='"),
    ] {
        let wrong = run("compile", arguments(class));
        assert_eq!(wrong.status.code(), Some(2));
        assert!(stderr(&wrong).contains(message), "{}", stderr(&wrong));
    }
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
