//! Phantoms and their masks.

use pulmo::imaging::Mask;

use crate::run::{json, run, stderr, stdout};

#[test]
fn phantoms_are_drawn_with_their_masks_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (out, masks) = (path("out"), path("masks"));
    let few = ["--out", &out, "--count", "2", "--size", "64", "--seed", "7"];
    let output = run("phantom", few);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output), format!("{out}/phantom-7.png\n{out}/phantom-8.png\n"));
    let first = std::fs::read(folder.path().join("out/phantom-7.png")).unwrap();

    let output = run("phantom", few.into_iter().chain(["--masks", &masks, "--json"]));
    let listed = json(&output);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let open = |name: &str| Mask::open(listed[0][name].as_str().unwrap()).unwrap();
    let (lung, infection) = (open("lung"), open("infection"));
    assert_eq!(lung.size(), (64, 64));
    let area = |mask: &Mask| mask.bits().iter().filter(|bit| **bit).count();
    assert!(area(&infection) > 0 && area(&infection) < area(&lung));
    let image = std::fs::read(listed[0]["image"].as_str().unwrap()).unwrap();
    assert!(image == first, "a seed draws the same phantom again");
}

#[test]
fn values_that_make_no_sense_are_wrong_use() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    for (option, value) in [("--infected", "1.5"), ("--size", "8")] {
        let output = run("phantom", ["--out", out.to_str().unwrap(), option, value]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).starts_with(&format!("error: {option}: ")), "{}", stderr(&output));
        assert!(!out.exists());
    }
}
