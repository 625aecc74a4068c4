//! The overlay's geometry and colours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use image::Rgb;
use pulmo_imaging::overlay::palette;
use pulmo_imaging::{ChestXray, InfectionMask, LungMask, LungPair, Mask, Overlay};

fn xray(width: u32, height: u32) -> ChestXray {
    ChestXray::from_pixels(width, height, vec![0.4; (width * height) as usize]).unwrap()
}

fn block(size: u32, columns: std::ops::Range<u32>) -> Mask {
    Mask::from_fn(size, size, |x, y| columns.contains(&x) && (20..44).contains(&y)).unwrap()
}

#[test]
fn small_images_grow_by_whole_steps_and_large_ones_stay() {
    for (side, scale) in [(64, 8), (256, 2), (300, 2), (512, 1), (600, 1)] {
        let image = xray(side, side);
        let overlay = Overlay::new(&image);
        assert_eq!(overlay.scale(), scale);
        let picture = overlay.render().unwrap();
        assert_eq!(picture.dimensions(), (side * scale, side * scale));
        assert!(picture.pixels().all(|p| *p == Rgb([102, 102, 102])));
    }
    let strip = xray(1, 16_384);
    assert_eq!(Overlay::new(&strip).scale(), 1);
}

#[test]
fn sides_and_infection_have_their_colours() {
    let image = xray(64, 64);
    let pair = LungPair::new(LungMask::new(block(64, 8..24)), LungMask::new(block(64, 40..56))).unwrap();
    let infection = InfectionMask::new(block(64, 44..50));
    let picture = Overlay::new(&image).lungs(&pair).infection(&infection).render().unwrap();
    let scale = 8;
    assert_eq!(*picture.get_pixel(8 * scale, 30 * scale), palette::RIGHT_LUNG);
    assert_eq!(*picture.get_pixel(40 * scale, 30 * scale), palette::LEFT_LUNG);
    assert_eq!(*picture.get_pixel(44 * scale, 30 * scale), palette::INFECTION);
    let inside = picture.get_pixel(47 * scale, 30 * scale).0;
    assert!(inside[0] > inside[1] && inside[1] > inside[2], "{inside:?}");
    assert_eq!(*picture.get_pixel(16 * scale, 30 * scale), Rgb([102; 3]));
    assert_eq!(*picture.get_pixel(32 * scale, 30 * scale), Rgb([102; 3]));
}

#[test]
fn the_legend_lies_below_and_holds_any_text() {
    let image = xray(512, 512);
    let hostile = [
        "plain".to_owned(),
        "a very long line that cannot possibly fit into the width of the panel ".repeat(4),
        "\u{1F600} \u{4e2d}\u{6587} \0\n\t".to_owned(),
        String::new(),
    ];
    let picture = Overlay::new(&image).legend(&hostile).render().unwrap();
    assert_eq!(picture.width(), 512);
    assert!(picture.height() > 512);
    let below = |p: &Rgb<u8>| picture.rows().skip(512).flatten().any(|q| q == p);
    assert!(below(&palette::TEXT) && below(&palette::PANEL));
    let above = picture.rows().take(512).flatten();
    assert!(above.into_iter().all(|p| *p == Rgb([102; 3])), "nothing is written on the X-ray");
}

#[test]
fn endless_legends_are_cut_off() {
    let image = xray(512, 512);
    let lines: Vec<String> = (0..100_000).map(|i| format!("line {i}")).collect();
    let picture = Overlay::new(&image).legend(&lines).render().unwrap();
    assert!(picture.height() < 512 + 1200, "{}", picture.height());
}

#[test]
fn masks_of_another_size_are_refused() {
    let image = xray(64, 64);
    let other = Mask::empty(32, 64).unwrap();
    let infection = InfectionMask::new(other.clone());
    assert!(Overlay::new(&image).infection(&infection).render().is_err());
    let pair = LungPair::split(&LungMask::new(other));
    assert!(Overlay::new(&image).lungs(&pair).render().is_err());
}

#[test]
fn saved_pictures_are_pngs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("overlay.png");
    let image = xray(100, 80);
    let overlay = Overlay::new(&image).legend(&["text".to_owned()]);
    overlay.save_png(&path).unwrap();
    assert_eq!(image::open(&path).unwrap().to_rgb8(), overlay.render().unwrap());
}
