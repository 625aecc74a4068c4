//! DICOM files made in the tests.
#![allow(dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use pulmo_dicom::{DicomXray, Result};
use pulmo_imaging::DecodeLimits;

/// Size of the files in `fixtures`.
pub(crate) const WIDTH: usize = 40;
pub(crate) const HEIGHT: usize = 36;

/// The stored values of the files in `fixtures`, which pydicom wrote: a pattern on a ramp, with a flat part.
pub(crate) fn fixture_values(bits: u32) -> Vec<u32> {
    let top = (1_u32 << bits) - 1;
    let value = |x: u32, y: u32| {
        if (10..20).contains(&y) && (5..25).contains(&x) {
            return top / 3;
        }
        let pattern = (u64::from((x * x * 3 + y * 7 + x * y) % 97) * u64::from(top) / 96 / 2) as u32;
        (pattern + x * top / (2 * WIDTH as u32)).min(top)
    };
    (0..HEIGHT as u32).flat_map(|y| (0..WIDTH as u32).map(move |x| value(x, y))).collect()
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(format!("{name}.dcm"))).unwrap()
}

pub(crate) fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Limits that let the small pictures of tests in.
pub(crate) fn limits() -> DecodeLimits {
    DecodeLimits::mask()
}

pub(crate) fn decode(bytes: &[u8]) -> Result<DicomXray> {
    DicomXray::from_bytes(bytes, &limits())
}

/// The grey values, as the nearest of 0..=255.
pub(crate) fn levels(dicom: &DicomXray) -> Vec<u8> {
    dicom.xray().pixels().iter().map(|value| (value * 255.0).round() as u8).collect()
}

/// Tag, value representation and value.
type Element = ((u16, u16), [u8; 2], Vec<u8>);

/// A file in Explicit VR Little Endian.
#[derive(Clone)]
pub(crate) struct File {
    elements: Vec<Element>,
    syntax: &'static str,
}

impl File {
    /// A grey image of 16 bits allocated.
    pub(crate) fn grey(width: u16, height: u16, values: &[u16]) -> Self {
        let file = Self { elements: Vec::new(), syntax: "1.2.840.10008.1.2.1" };
        let pixels = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        file.text((0x0028, 0x0004), b"CS", "MONOCHROME2")
            .short((0x0028, 0x0002), 1)
            .short((0x0028, 0x0010), height)
            .short((0x0028, 0x0011), width)
            .short((0x0028, 0x0100), 16)
            .short((0x0028, 0x0101), 16)
            .short((0x0028, 0x0102), 15)
            .short((0x0028, 0x0103), 0)
            .element((0x7FE0, 0x0010), b"OW", pixels)
    }

    pub(crate) fn syntax(self, uid: &'static str) -> Self {
        Self { syntax: uid, ..self }
    }

    /// Sets an element, in place of one of the same tag.
    pub(crate) fn element(mut self, tag: (u16, u16), vr: &[u8; 2], value: Vec<u8>) -> Self {
        self.elements.retain(|(other, ..)| *other != tag);
        self.elements.push((tag, *vr, value));
        self.elements.sort_by_key(|(tag, ..)| *tag);
        self
    }

    pub(crate) fn without(mut self, tag: (u16, u16)) -> Self {
        self.elements.retain(|(other, ..)| *other != tag);
        self
    }

    pub(crate) fn short(self, tag: (u16, u16), value: u16) -> Self {
        self.element(tag, b"US", value.to_le_bytes().to_vec())
    }

    pub(crate) fn text(self, tag: (u16, u16), vr: &[u8; 2], value: &str) -> Self {
        let mut bytes = value.as_bytes().to_vec();
        if bytes.len() % 2 == 1 {
            bytes.push(b' ');
        }
        self.element(tag, vr, bytes)
    }

    /// Sets a sequence of one item.
    pub(crate) fn sequence(self, tag: (u16, u16), item: &Self) -> Self {
        let content = item.data_set();
        let mut value = vec![0xFE, 0xFF, 0x00, 0xE0];
        value.extend((content.len() as u32).to_le_bytes());
        value.extend(content);
        self.element(tag, b"SQ", value)
    }

    /// An item of a sequence.
    pub(crate) fn item() -> Self {
        Self { elements: Vec::new(), syntax: "" }
    }

    pub(crate) fn window(self, center: &str, width: &str) -> Self {
        self.text((0x0028, 0x1050), b"DS", center).text((0x0028, 0x1051), b"DS", width)
    }

    fn data_set(&self) -> Vec<u8> {
        self.elements.iter().flat_map(|(tag, vr, value)| encoded(*tag, *vr, value)).collect()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut uid = self.syntax.as_bytes().to_vec();
        if uid.len() % 2 == 1 {
            uid.push(0);
        }
        let mut bytes = vec![0; 128];
        bytes.extend(b"DICM");
        bytes.extend(encoded((0x0002, 0x0010), *b"UI", &uid));
        bytes.extend(self.data_set());
        bytes
    }
}

fn encoded(tag: (u16, u16), vr: [u8; 2], value: &[u8]) -> Vec<u8> {
    let mut bytes = [tag.0.to_le_bytes(), tag.1.to_le_bytes(), vr].concat();
    if [*b"OW", *b"OB", *b"SQ", *b"UN"].contains(&vr) {
        bytes.extend([0, 0]);
        bytes.extend((value.len() as u32).to_le_bytes());
    } else {
        bytes.extend((value.len() as u16).to_le_bytes());
    }
    bytes.extend(value);
    bytes
}
