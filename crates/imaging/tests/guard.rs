//! Panics in third-party decoders. One test, since the panic hook belongs to the whole process.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};

use pulmo_imaging::{DecodeLimits, Error, FileFormat, decode_picture, guarded};

/// Panics that were reported.
static REPORTED: AtomicUsize = AtomicUsize::new(0);

/// A valid TIFF in tiles of 16 x 16 pixels whose three channels lie in planes of their own.
fn tiled_planar_tiff(side: u16) -> Vec<u8> {
    const TILE: u16 = 16;
    const CHANNELS: u16 = 3;
    let tiles = u32::from(CHANNELS) * u32::from(side.div_ceil(TILE)).pow(2);
    let tile_bytes = u32::from(TILE).pow(2);
    let pixels = 8 + tiles * tile_bytes;
    let (bits, offsets, counts) = (pixels, pixels + 6, pixels + 6 + 4 * tiles);
    let directory = counts + 4 * tiles;
    let (short, long) = (3_u16, 4_u16);
    // Width, height, bits, compression, photometric, channels, planes, tile sides, offsets, lengths.
    let entries = [
        (256, short, 1, u32::from(side)),
        (257, short, 1, u32::from(side)),
        (258, short, u32::from(CHANNELS), bits),
        (259, short, 1, 1),
        (262, short, 1, 2),
        (277, short, 1, u32::from(CHANNELS)),
        (284, short, 1, 2),
        (322, short, 1, u32::from(TILE)),
        (323, short, 1, u32::from(TILE)),
        (324, long, tiles, offsets),
        (325, long, tiles, counts),
    ];
    let mut bytes = b"II*\0".to_vec();
    bytes.extend(directory.to_le_bytes());
    bytes.resize(pixels as usize, 128);
    bytes.extend([8_u16; CHANNELS as usize].into_iter().flat_map(u16::to_le_bytes));
    bytes.extend((0..tiles).flat_map(|tile| (8 + tile * tile_bytes).to_le_bytes()));
    bytes.extend((0..tiles).flat_map(|_| tile_bytes.to_le_bytes()));
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        bytes.extend(u16::to_le_bytes(tag));
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes
}

#[test]
fn panics_of_decoders_are_errors_of_their_file_and_are_not_reported() {
    panic::set_hook(Box::new(|info| {
        eprintln!("{info}");
        REPORTED.fetch_add(1, Ordering::SeqCst);
    }));
    assert_eq!(guarded::<u8>(|| panic!("of a decoder")), None);
    // Read, or refused as a file: what does not get here is a panic.
    match decode_picture(&tiled_planar_tiff(40), &DecodeLimits::default()) {
        Ok(xray) => assert_eq!((xray.width(), xray.height()), (40, 40)),
        Err(error) => assert!(matches!(error, Error::Corrupt { format: FileFormat::Tiff, .. }), "{error}"),
    }
    assert_eq!(REPORTED.load(Ordering::SeqCst), 0);
    assert!(panic::catch_unwind(|| panic!("of somebody else")).is_err());
    std::thread::spawn(|| panic!("on another thread")).join().unwrap_err();
    assert_eq!(REPORTED.load(Ordering::SeqCst), 2);
}
