//! Every format, bit depth and channel layout.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, ImageFormat, Luma, LumaA, Rgb, Rgb32FImage,
    RgbImage, Rgba, RgbaImage,
};
use pulmo_imaging::{BitDepth, ChestXray, DecodeLimits, FileFormat, ImageWarning, decode_picture};
use support::{encoded, level};

const WIDTH: u32 = 160;
const HEIGHT: u32 = 140;

fn decode(bytes: &[u8]) -> ChestXray {
    decode_picture(bytes, &DecodeLimits::default()).unwrap()
}

fn grey() -> GrayImage {
    GrayImage::from_fn(WIDTH, HEIGHT, |x, y| Luma([level(x, y)]))
}

fn at(xray: &ChestXray, x: u32, y: u32) -> f32 {
    xray.pixels()[(y * xray.width() + x) as usize]
}

#[test]
fn lossless_formats_give_the_exact_grey_levels() {
    for (format, expected) in [
        (ImageFormat::Png, FileFormat::Png),
        (ImageFormat::Tiff, FileFormat::Tiff),
        (ImageFormat::Bmp, FileFormat::Bmp),
    ] {
        let xray = decode(&encoded(grey(), format));
        assert_eq!((xray.width(), xray.height()), (WIDTH, HEIGHT));
        assert_eq!(xray.source().format(), expected);
        assert_eq!(xray.source().bit_depth(), BitDepth::Eight);
        assert!(!xray.source().had_alpha(), "{expected}");
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                assert_eq!(at(&xray, x, y), f32::from(level(x, y)) / 255.0, "{expected}");
            }
        }
        assert!(xray.warnings().is_empty(), "{:?}", xray.warnings());
    }
}

#[test]
fn webp_stores_colour_but_an_equal_one_is_no_warning() {
    let rgb = DynamicImage::from(grey()).to_rgb8();
    let xray = decode(&encoded(rgb, ImageFormat::WebP));
    assert_eq!(xray.source().format(), FileFormat::WebP);
    assert!(xray.source().had_colour());
    assert_eq!(at(&xray, 3, 4), f32::from(level(3, 4)) / 255.0);
    assert!(xray.warnings().is_empty(), "{:?}", xray.warnings());
}

#[test]
fn jpeg_comes_close_and_keeps_its_orientation() {
    let ramp = GrayImage::from_fn(WIDTH, HEIGHT, |x, y| Luma([(x + y / 2) as u8]));
    let xray = decode(&encoded(ramp.clone(), ImageFormat::Jpeg));
    assert_eq!(xray.source().format(), FileFormat::Jpeg);
    for (x, y, pixel) in ramp.enumerate_pixels() {
        let expected = f32::from(pixel.0[0]) / 255.0;
        assert!((at(&xray, x, y) - expected).abs() < 0.03, "({x}, {y})");
    }
}

#[test]
fn rows_run_down_and_columns_to_the_right() {
    let corner = GrayImage::from_fn(WIDTH, HEIGHT, |x, y| {
        Luma([match (x, y) {
            (0, 0) => 10,
            (159, 0) => 20,
            (0, 139) => 30,
            _ => 200,
        }])
    });
    let xray = decode(&encoded(corner, ImageFormat::Png));
    let read = |x, y| (at(&xray, x, y) * 255.0).round() as u8;
    assert_eq!((read(0, 0), read(159, 0), read(0, 139)), (10, 20, 30));
}

#[test]
fn sixteen_bits_are_stretched_from_their_own_range() {
    let (low, high) = (100_u16, 4095_u16);
    let image = ImageBuffer::<Luma<u16>, _>::from_fn(WIDTH, HEIGHT, |x, y| {
        let last = WIDTH + HEIGHT - 2;
        Luma([low + ((u32::from(high - low) * (x + y)) / last) as u16])
    });
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        let xray = decode(&encoded(DynamicImage::from(image.clone()), format));
        assert_eq!(xray.source().bit_depth(), BitDepth::Sixteen);
        assert_eq!(at(&xray, 0, 0), 0.0);
        assert_eq!(at(&xray, WIDTH - 1, HEIGHT - 1), 1.0);
        assert!((at(&xray, WIDTH / 2, HEIGHT / 2) - 0.5).abs() < 0.01);
        let rescaled = ImageWarning::Rescaled { min: 100.0, max: 4095.0 };
        assert!(xray.warnings().contains(&rescaled), "{:?}", xray.warnings());
        assert!(rescaled.to_string().contains("100 to 4095"));
    }
}

#[test]
fn constant_sixteen_bits_stay_what_they_are_and_are_blank() {
    let image = ImageBuffer::from_pixel(WIDTH, HEIGHT, Luma([32_768_u16]));
    let xray = decode(&encoded(DynamicImage::from(image), ImageFormat::Png));
    assert!(xray.pixels().iter().all(|v| (v - 0.5).abs() < 1e-4));
    assert!(matches!(
        xray.warnings(),
        [ImageWarning::Blank { value }] if (value - 0.5).abs() < 1e-4
    ));
}

#[test]
fn float_pixels_are_stretched_and_non_finite_ones_are_black() {
    let mut image = Rgb32FImage::from_fn(WIDTH, HEIGHT, |x, _| Rgb([x as f32 - 20.0; 3]));
    image.put_pixel(5, 5, Rgb([f32::NAN, 0.0, f32::INFINITY]));
    let xray = decode(&encoded(DynamicImage::from(image), ImageFormat::Tiff));
    assert_eq!(xray.source().bit_depth(), BitDepth::Float);
    assert!(xray.pixels().iter().all(|v| (0.0..=1.0).contains(v)));
    assert_eq!(at(&xray, 0, 0), 0.0);
    assert_eq!(at(&xray, WIDTH - 1, 0), 1.0);
}

#[test]
fn colours_become_luma_with_a_warning() {
    let image =
        RgbImage::from_fn(
            WIDTH,
            HEIGHT,
            |x, _| {
                if x < WIDTH / 2 { Rgb([255, 0, 0]) } else { Rgb([90, 90, 90]) }
            },
        );
    let xray = decode(&encoded(image, ImageFormat::Png));
    assert!((at(&xray, 0, 0) - 0.299).abs() < 1e-6);
    assert_eq!(at(&xray, WIDTH - 1, 0), 90.0 / 255.0);
    assert!(xray.source().had_colour());
    assert!(matches!(
        xray.warnings()[0],
        ImageWarning::ColourConverted { coloured_fraction } if (coloured_fraction - 0.5).abs() < 1e-9
    ));
}

#[test]
fn transparent_pixels_lie_over_black() {
    let rgba = RgbaImage::from_fn(WIDTH, HEIGHT, |x, _| Rgba([200, 200, 200, if x == 0 { 0 } else { 255 }]));
    let xray = decode(&encoded(rgba, ImageFormat::Png));
    assert_eq!(at(&xray, 0, 7), 0.0);
    assert_eq!(at(&xray, 1, 7), 200.0 / 255.0);
    assert!(xray.source().had_alpha());
    assert!(matches!(
        xray.warnings()[0],
        ImageWarning::AlphaDropped { transparent_fraction }
            if (transparent_fraction - 1.0 / f64::from(WIDTH)).abs() < 1e-9
    ));

    let opaque = GrayAlphaImage::from_fn(WIDTH, HEIGHT, |x, y| LumaA([level(x, y), 255]));
    let xray = decode(&encoded(opaque, ImageFormat::Png));
    assert!(xray.source().had_alpha());
    assert!(xray.warnings().is_empty(), "{:?}", xray.warnings());
}

#[test]
fn poor_images_are_named() {
    let named = |image: GrayImage| decode(&encoded(image, ImageFormat::Png)).warnings().to_vec();
    let tiny = named(GrayImage::from_fn(40, 50, |x, y| Luma([level(x, y)])));
    assert_eq!(tiny, [ImageWarning::Tiny { min_side: 40 }]);
    let flat = named(GrayImage::from_fn(WIDTH, HEIGHT, |x, _| Luma([100 + (x % 3) as u8])));
    assert!(matches!(flat[..], [ImageWarning::LowContrast { std }] if std < 0.01));
    let white =
        named(GrayImage::from_fn(WIDTH, HEIGHT, |x, y| Luma([if x % 2 == 0 { 255 } else { level(x, y) }])));
    assert!(matches!(white[..], [ImageWarning::OverExposed { fraction }] if fraction >= 0.5));
    let black =
        named(GrayImage::from_fn(WIDTH, HEIGHT, |x, y| Luma([if x % 4 != 0 { 0 } else { level(x, y) }])));
    assert!(matches!(black[..], [ImageWarning::UnderExposed { fraction }] if fraction >= 0.75));
    let wide = named(GrayImage::from_fn(400, HEIGHT, |x, y| Luma([level(x, y)])));
    assert!(matches!(wide[..], [ImageWarning::UnusualShape { aspect }] if aspect > 2.0));
}

#[test]
fn quality_figures_are_the_images() {
    let half = ChestXray::from_pixels(
        128,
        128,
        (0..128 * 128).map(|i| if i % 128 < 64 { 0.0 } else { 1.0 }).collect(),
    )
    .unwrap();
    let q = half.quality();
    assert!((q.mean() - 0.5).abs() < 1e-9 && (q.std() - 0.5).abs() < 1e-9);
    assert_eq!((q.dark_fraction(), q.bright_fraction()), (0.5, 0.5));
    assert_eq!((q.min(), q.max(), q.min_side()), (0.0, 1.0, 128));

    let plane = ChestXray::from_pixels(
        128,
        128,
        (0..128 * 128).map(|i| (i % 128) as f32 / 256.0 + (i / 128) as f32 / 512.0).collect(),
    )
    .unwrap();
    assert!(plane.quality().noise_std() < 1e-6, "a plane has no noise");
}

#[test]
fn exif_orientation_is_applied() {
    // A TIFF-style EXIF block whose only entry is orientation 6 (turn 90 degrees clockwise).
    let exif: &[u8] = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let wide = GrayImage::from_fn(WIDTH, HEIGHT, |x, _| Luma([if x < 80 { 30 } else { 220 }]));
    let plain = encoded(wide, ImageFormat::Jpeg);
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xFF, 0xE1]);
    bytes.extend(((exif.len() + 2) as u16).to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&plain[2..]);
    let xray = decode(&bytes);
    assert_eq!((xray.width(), xray.height()), (HEIGHT, WIDTH));
    assert!(at(&xray, 10, 10) < 0.2 && at(&xray, 10, WIDTH - 10) > 0.8);
    assert!(xray.warnings().contains(&ImageWarning::Reoriented));
}

#[test]
fn bitmaps_are_read_from_the_top_down_and_with_the_old_header() {
    let bottom_up = encoded(grey(), ImageFormat::Bmp);
    let expected = decode(&bottom_up);
    let info = 14;
    let number = |at: usize| u32::from_le_bytes(bottom_up[at..at + 4].try_into().unwrap()) as usize;
    let (start, row) = (number(10), (bottom_up.len() - number(10)) / HEIGHT as usize);
    // A negative height says that the rows begin at the top.
    let mut top_down = bottom_up[..start].to_vec();
    top_down[info + 8..info + 12].copy_from_slice(&(-(HEIGHT as i32)).to_le_bytes());
    top_down.extend(bottom_up[start..].chunks(row).rev().flatten());
    assert_eq!(decode(&top_down).pixels(), expected.pixels());
    // The header of OS/2: sides of 16 bits, palette of three bytes a colour.
    let mut old = b"BM".to_vec();
    let palette: Vec<u8> = (0..=255).flat_map(|level| [level; 3]).collect();
    old.extend([0; 8]);
    old.extend((14 + 12 + palette.len() as u32).to_le_bytes());
    old.extend(12_u32.to_le_bytes());
    old.extend([WIDTH as u16, HEIGHT as u16, 1, 8].into_iter().flat_map(u16::to_le_bytes));
    old.extend(palette);
    for y in (0..HEIGHT).rev() {
        old.extend((0..WIDTH).map(|x| level(x, y)));
    }
    assert_eq!(decode(&old).pixels(), expected.pixels());
}
