//! Published X-rays, where `PULMO_DATA` names their folder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use pulmo_imaging::{
    CleanOptions, DecodeLimits, LungMask, LungPair, Mask, SplitNote, decode_picture, read_file,
};

const INFECTION_PART: &str = "COVID-QU-Ex/Infection Segmentation Data/Infection Segmentation Data";

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("PULMO_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: PULMO_DATA is not set");
    }
    folder
}

#[test]
fn covid_qu_ex_decodes_and_splits() {
    let Some(data) = data() else { return };
    let folder = data.join(INFECTION_PART).join("Val/Normal");
    let limits = DecodeLimits::default();
    let mut two = 0;
    let mut cases = 0;
    for entry in std::fs::read_dir(folder.join("images")).unwrap() {
        let image = entry.unwrap().path();
        let name = image.file_name().unwrap();
        let xray = decode_picture(&read_file(&image, &limits).unwrap(), &limits).unwrap();
        let lungs = LungMask::new(Mask::open(folder.join("lung masks").join(name)).unwrap());
        assert_eq!((xray.width(), xray.height()), lungs.as_mask().size());
        let pair = LungPair::split(&lungs.cleaned(&CleanOptions::default()));
        two += usize::from(matches!(pair.note(), SplitNote::TwoLungs | SplitNote::Touching));
        cases += 1;
    }
    assert!(cases > 0);
    assert!(two * 100 >= cases * 97, "two lungs in {two} of {cases}");
}
