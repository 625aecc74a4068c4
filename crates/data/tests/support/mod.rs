//! A small data set on disk in the published layout.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use image::{GrayImage, Luma};
use pulmo_data::{Class, Sample, Split};

pub(crate) const INFECTION: &str = "Infection Segmentation Data";
pub(crate) const LUNG: &str = "Lung Segmentation Data";
pub(crate) const SIDE: u32 = 48;

pub(crate) fn file_name(class: Class, number: usize) -> String {
    match class {
        Class::Covid19 => format!("covid_{number}.png"),
        Class::NonCovid => format!("non_COVID ({number}).png"),
        Class::Normal => format!("Normal ({number}).png"),
    }
}

pub(crate) fn class_folder(root: &Path, part: &str, split: Split, class: Class) -> PathBuf {
    root.join(part).join(part).join(split.folder()).join(class.folder())
}

pub(crate) fn write_png(path: &Path, side: u32, value: impl Fn(u32, u32) -> u8) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    GrayImage::from_fn(side, side, |x, y| Luma([value(x, y)])).save(path).unwrap();
}

/// Grey values that differ from case to case.
pub(crate) fn grey(split: Split, class: Class, number: usize) -> impl Fn(u32, u32) -> u8 {
    let shade = split as u32 * 40 + class as u32 * 13 + number as u32 * 7;
    move |x, y| ((x * 3 + y * 2 + shade) % 251) as u8
}

pub(crate) fn lung(x: u32, y: u32) -> u8 {
    if (8..40).contains(&x) && (8..44).contains(&y) { 255 } else { 0 }
}

pub(crate) fn infection(class: Class) -> impl Fn(u32, u32) -> u8 {
    move |x, y| {
        let inside = (10..24).contains(&x) && (20..40).contains(&y);
        if class == Class::Covid19 && inside { 255 } else { 0 }
    }
}

/// Writes `per_class` cases into every class of every split.
pub(crate) fn write_part(root: &Path, part: &str, per_class: usize) {
    for split in Split::ALL {
        for class in Class::ALL {
            let folder = class_folder(root, part, split, class);
            for number in 1..=per_class {
                let name = file_name(class, number);
                write_png(&folder.join("images").join(&name), SIDE, grey(split, class, number));
                write_png(&folder.join("lung masks").join(&name), SIDE, lung);
                if part == INFECTION {
                    write_png(&folder.join("infection masks").join(&name), SIDE, infection(class));
                }
            }
        }
    }
}

/// The folder named by `PULMO_DATA`; says so where it is not set.
pub(crate) fn real_data() -> Option<PathBuf> {
    let folder = std::env::var_os("PULMO_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: PULMO_DATA is not set");
    }
    folder
}

pub(crate) fn sample(size: usize, shade: usize) -> Sample {
    let xray: Vec<u8> = (0..size * size).map(|at| ((at * 31 + shade * 17) % 256) as u8).collect();
    let lung = xray.iter().map(|value| value % 2).collect();
    let infection = xray.iter().map(|value| u8::from(value % 4 == 0)).collect();
    Sample::new(format!("case-{shade}"), Class::Covid19, size, xray, lung, infection).unwrap()
}
