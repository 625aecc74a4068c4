//! Maps and convolutions that must be refused with an error, not a panic.

use pulmo_kernels::blocked::{
    Arena, ConvOptions, Corners, Engine, Gate, Map, MapMut, MapShape, PackedConv, Source, Window,
};
use pulmo_kernels::{Conv2dShape, Error};

use crate::support::Blocked;

fn shape(channels: usize, height: usize, width: usize, halo: usize) -> MapShape {
    MapShape::new(channels, height, width, halo).unwrap()
}

fn conv(options: &ConvOptions<'_>) -> Result<PackedConv, Error> {
    let shape = Conv2dShape::new([1, 20, 6, 6], [8, 20, 3, 3], [1, 1], [1, 1]).unwrap();
    PackedConv::new(&shape, &[0.0; 8 * 20 * 9], None, options)
}

#[test]
fn maps_know_their_memory() {
    assert_eq!(MapShape::new(0, 1, 1, 0), Err(Error::Zero { name: "channels" }));
    assert_eq!(MapShape::new(1, usize::MAX / 4, 1, 1), Err(Error::TooLarge { name: "map" }));
    assert_eq!(MapShape::new(usize::MAX, 1, 1, 0), Err(Error::TooLarge { name: "map" }));
    assert_eq!(MapShape::new(1, 1, 1, usize::MAX / 2), Err(Error::TooLarge { name: "map" }));
    let map = shape(20, 4, 5, 1);
    assert_eq!((map.blocks(), map.row_len(), map.plane_len()), (2, 7 * 16, 6 * 7 * 16));
    assert_eq!(map.len(3), Ok(3 * 2 * 6 * 7 * 16));
    assert_eq!(map.len(0), Err(Error::Zero { name: "images" }));
    assert_eq!(map.len(usize::MAX), Err(Error::TooLarge { name: "map" }));
    let mut memory = vec![0.0; map.len(1).unwrap()];
    assert!(Map::new(map, 1, &memory).is_ok());
    assert!(matches!(Map::new(map, 1, &memory[1..]), Err(Error::Length { .. })));
    assert!(matches!(Map::new(map, 2, &memory), Err(Error::Length { .. })));
    assert!(matches!(MapMut::new(map, 2, &mut memory), Err(Error::Length { .. })));
}

#[test]
fn windows_are_whole_blocks() {
    let mut blocked = Blocked::garbage(shape(40, 2, 2, 0), 2);
    for (first, channels) in [(0, 16), (0, 32), (16, 24), (32, 8), (0, 40)] {
        assert_eq!(blocked.map().window(first, channels).unwrap().shape().channels(), channels);
    }
    for (first, channels) in [(8, 16), (0, 8), (0, 0), (32, 16), (48, 1), (16, usize::MAX)] {
        let error = Error::Window { first, channels, available: 40 };
        assert_eq!(blocked.map().window(first, channels).unwrap_err(), error);
        assert_eq!(blocked.map_mut().window(first, channels).unwrap_err(), error);
    }
}

#[test]
fn an_arena_keeps_its_maps_apart() {
    let map = shape(16, 2, 2, 0);
    let mut arena = Arena::new(3 * 64);
    assert!(arena.map(map, 1, 128).is_ok());
    assert!(matches!(arena.map(map, 1, 129), Err(Error::Range { .. })));
    assert!(matches!(arena.map(map, 1, usize::MAX), Err(Error::Range { .. })));
    let (_, rest) = arena.split(map, 1, 64).unwrap();
    assert!(rest.map(map, 1, 0).is_ok() && rest.map(map, 1, 128).is_ok());
    for offset in [1, 64, 127, 129, usize::MAX] {
        assert!(matches!(rest.map(map, 1, offset), Err(Error::Range { .. })), "{offset}");
    }
}

#[test]
fn convolutions_are_packed_for_what_fits() {
    assert!(conv(&ConvOptions { sources: &[12, 8], ..Default::default() }).is_ok());
    for sources in [&[12, 9][..], &[20, usize::MAX], &[usize::MAX, 21]] {
        let error = conv(&ConvOptions { sources, ..Default::default() }).unwrap_err();
        assert!(matches!(error, Error::Length { name: "sources", .. }), "{error}");
    }
    let error = conv(&ConvOptions { sources: &[20, 0], ..Default::default() }).unwrap_err();
    assert_eq!(error, Error::Zero { name: "channels of a source" });
    let error =
        conv(&ConvOptions { prologue: Some((&[1.0; 20], &[1.0; 19])), ..Default::default() }).unwrap_err();
    assert!(matches!(error, Error::Length { name: "prologue's shift", .. }), "{error}");
}

#[test]
fn convolutions_refuse_maps_that_do_not_fit() {
    let conv = conv(&ConvOptions { sources: &[12, 8], ..Default::default() }).unwrap();
    let refused = |a: MapShape, b: MapShape, images: usize, residual: MapShape, out: MapShape| {
        let (a, b) = (Blocked::garbage(a, images), Blocked::garbage(b, 1));
        let (residual, mut out) = (Blocked::garbage(residual, 1), Blocked::garbage(out, 1));
        let sources = [Source::new(a.map()), Source::new(b.map())];
        conv.run(&sources, Some(residual.map()), &mut out.map_mut()).err()
    };
    let (a, b, out) = (shape(12, 6, 6, 1), shape(8, 6, 6, 1), shape(8, 6, 6, 0));
    assert_eq!(refused(a, b, 1, out, out), None);
    let mismatches = [
        refused(b, a, 1, out, out),
        refused(a, b, 2, out, out),
        refused(a, shape(8, 5, 6, 1), 1, out, out),
        refused(a, shape(8, 6, 7, 1), 1, out, out),
        refused(a, b, 1, shape(8, 6, 5, 0), out),
        refused(a, b, 1, out, shape(9, 6, 6, 0)),
        refused(a, b, 1, out, shape(8, 4, 6, 0)),
        refused(a, b, 1, out, shape(8, 6, 4, 0)),
    ];
    for (index, error) in mismatches.into_iter().enumerate() {
        assert!(matches!(error, Some(Error::Mismatch { .. })), "{index}: {error:?}");
    }
    assert_eq!(refused(shape(12, 6, 6, 0), b, 1, out, out), Some(Error::Halo { halo: 0, needed: 1 }));
    let one = Blocked::garbage(a, 1);
    let error =
        conv.run(&[Source::new(one.map())], None, &mut Blocked::garbage(out, 1).map_mut()).unwrap_err();
    assert!(matches!(error, Error::Mismatch { name: "number of sources", .. }));
    let error = conv.run(&[], None, &mut Blocked::garbage(out, 1).map_mut()).unwrap_err();
    assert!(matches!(error, Error::Mismatch { name: "number of sources", .. }));
}

#[test]
fn operations_refuse_maps_that_do_not_fit() {
    let engine = Engine::detect();
    let input = Blocked::garbage(shape(8, 6, 6, 1), 1);
    let x = input.map();
    let mut wrong = Blocked::garbage(shape(8, 5, 6, 1), 1);
    let mut right = Blocked::garbage(shape(8, 6, 6, 0), 1);
    let window = Window::square(3, 2, 1);
    let gate = Blocked::garbage(shape(2, 6, 6, 1), 1);
    let results = [
        engine.max_pool(window, &x, &mut wrong.map_mut()),
        engine.average_pool(window, true, &x, &mut wrong.map_mut()),
        engine.upsample_nearest(1, &x, &mut wrong.map_mut()),
        engine.upsample_nearest(0, &x, &mut right.map_mut()),
        engine.upsample_bilinear(usize::MAX, Corners::Free, &x, &mut right.map_mut()),
        engine.max_pool(Window::square(3, 0, 1), &x, &mut right.map_mut()),
        engine.max_pool(Window::square(3, 1, 3), &x, &mut right.map_mut()),
        engine.add(&x, &x, false, &mut wrong.map_mut()),
        engine.add(&x, &gate.map(), false, &mut right.map_mut()),
        engine.sigmoid(&x, &mut wrong.map_mut()),
        engine.scale_shift(&[1.0; 8], &[0.0; 8], false, &x, &mut wrong.map_mut()),
        engine.scale_shift(&[1.0; 8], &[0.0; 7], false, &x, &mut right.map_mut()),
        engine.group_norm(3, &[1.0; 8], &[0.0; 8], 1e-5, false, &x, &mut right.map_mut()),
        engine.group_norm(0, &[1.0; 8], &[0.0; 8], 1e-5, false, &x, &mut right.map_mut()),
        engine.gate(Gate::Channels(&[1.0; 7]), &x, &mut right.map_mut()),
        engine.gate(Gate::Pixels(gate.map()), &x, &mut right.map_mut()),
        engine.global_average(&x, &mut [0.0; 9]),
        engine.from_planar(&[0.0; 9], &mut right.map_mut()),
        engine.to_planar(&x, &mut [0.0; 9]),
    ];
    for (index, result) in results.into_iter().enumerate() {
        assert!(result.is_err(), "{index}");
    }
}
