//! Augmentation and order.
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use pulmo_data::{Augmentation, AugmentationSpec, Augmented, Error, order};
use rayon::prelude::*;
use support::sample;

fn with(change: impl Fn(&mut AugmentationSpec)) -> Augmentation {
    let mut spec = AugmentationSpec::default();
    change(&mut spec);
    Augmentation::new(spec).unwrap()
}

#[test]
fn none_changes_nothing() {
    let sample = sample(32, 1);
    let same = Augmentation::none().apply(&sample, 1, 2, 3);
    assert_eq!(same.lung(), sample.lung());
    assert_eq!(same.infection(), sample.infection());
    for (same, &value) in same.xray().iter().zip(sample.xray()) {
        assert_eq!(*same, f32::from(value) / 255.0);
    }
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let samples: Vec<_> = (0..24).map(|shade| sample(24, shade)).collect();
    let run = |threads: usize| -> Vec<Augmented> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            samples
                .par_iter()
                .enumerate()
                .map(|(index, sample)| Augmentation::standard().apply(sample, 9, 4, index as u64))
                .collect()
        })
    };
    let alone = run(1);
    assert_eq!(alone, run(3));
    assert_eq!(alone, run(7));
}

#[test]
fn seed_epoch_and_index_each_change_the_result() {
    let sample = sample(32, 5);
    let apply = |seed, epoch, index| Augmentation::standard().apply(&sample, seed, epoch, index);
    let base = apply(1, 1, 1);
    assert_eq!(base, apply(1, 1, 1));
    assert_ne!(base, apply(2, 1, 1));
    assert_ne!(base, apply(1, 2, 1));
    assert_ne!(base, apply(1, 1, 2));
    assert_ne!(apply(1, 2, 3), apply(3, 2, 1));
}

#[test]
fn a_certain_flip_mirrors_all_planes_and_an_uncertain_one_some() {
    let sample = sample(16, 3);
    let mirrored: Vec<u8> = sample.lung().chunks(16).flat_map(|row| row.iter().rev().copied()).collect();
    let flip = with(|spec| spec.flip_probability = 1.0);
    assert_eq!(flip.apply(&sample, 0, 0, 0).lung(), mirrored);
    let half = with(|spec| spec.flip_probability = 0.5);
    let flips = (0..400).filter(|&index| half.apply(&sample, 0, 0, index).lung() == mirrored).count();
    assert!((150..250).contains(&flips), "{flips} of 400");
}

#[test]
fn tone_settings_leave_masks_alone() {
    let sample = sample(32, 8);
    let toned = with(|spec| {
        (spec.brightness, spec.contrast, spec.gamma, spec.noise) = (0.3, 0.5, 0.5, 0.1);
    })
    .apply(&sample, 3, 1, 4);
    assert_eq!(toned.lung(), sample.lung());
    assert_eq!(toned.infection(), sample.infection());
    assert_ne!(toned.xray(), Augmentation::none().apply(&sample, 3, 1, 4).xray());
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    type Change = fn(&mut AugmentationSpec);
    let cases: [(&str, Change); 5] = [
        ("rotation_degrees", |spec| spec.rotation_degrees = 46.0),
        ("flip_probability", |spec| spec.flip_probability = 1.1),
        ("scale", |spec| spec.scale = f32::NAN),
        ("noise", |spec| spec.noise = -0.1),
        ("gamma", |spec| spec.gamma = f32::INFINITY),
    ];
    for (name, change) in cases {
        let mut spec = AugmentationSpec::default();
        change(&mut spec);
        let error = Augmentation::new(spec).unwrap_err();
        assert!(matches!(error, Error::InvalidAugmentation { setting, .. } if setting == name));
        assert!(error.to_string().contains(name));
    }
}

#[test]
fn settings_read_from_text_are_checked() {
    let read = |text: &str| serde_json::from_str::<Augmentation>(text);
    assert_eq!(read("{}").unwrap(), Augmentation::none());
    assert_eq!(read(r#"{"shift": 0.25}"#).unwrap().spec().shift, 0.25);
    assert!(read(r#"{"shift": 0.75}"#).unwrap_err().to_string().contains("shift"));
    assert!(read(r#"{"shfit": 0.1}"#).is_err());
    for preset in [Augmentation::none(), Augmentation::light(), Augmentation::standard()] {
        assert_eq!(read(&serde_json::to_string(&preset).unwrap()).unwrap(), preset);
        assert_eq!(Augmentation::new(*preset.spec()).unwrap(), preset);
    }
}

#[test]
fn epochs_have_different_orders() {
    assert_ne!(order(100, 1, 0), order(100, 1, 1));
    assert_ne!(order(100, 1, 0), order(100, 2, 0));
    assert_eq!(order(0, 1, 0), Vec::<usize>::new());
}

proptest! {
    #[test]
    fn augmented_samples_stay_valid(seed: u64, epoch: u64, index: u64, shade in 0_usize..50) {
        let sample = sample(20, shade);
        let augmented = Augmentation::standard().apply(&sample, seed, epoch, index);
        prop_assert_eq!(augmented.xray().len(), 400);
        prop_assert!(augmented.xray().iter().all(|value| (0.0..=1.0).contains(value)));
        prop_assert!(augmented.lung().iter().chain(augmented.infection()).all(|&value| value <= 1));
    }

    #[test]
    fn masks_move_with_the_xray(seed: u64, index: u64) {
        let size = 64;
        let inside = |at: usize| ((at % size).abs_diff(30)).pow(2) + ((at / size).abs_diff(34)).pow(2) < 144;
        let plane: Vec<u8> = (0..size * size).map(|at| u8::from(inside(at))).collect();
        let xray = plane.iter().map(|value| value * 255).collect();
        let sample = pulmo_data::Sample::new("disc", pulmo_data::Class::Normal, size, xray, plane.clone(), plane).unwrap();
        let geometry = with(|spec| {
            (spec.rotation_degrees, spec.shift, spec.scale, spec.flip_probability) = (20.0, 0.1, 0.2, 0.5);
        });
        let moved = geometry.apply(&sample, seed, 0, index);
        prop_assert_eq!(moved.lung(), moved.infection());
        let agreeing = moved.xray().iter().zip(moved.lung()).filter(|(grey, mask)| u8::from(**grey >= 0.5) == **mask).count();
        prop_assert!(agreeing as f64 > 0.985 * (size * size) as f64, "{} of {}", agreeing, size * size);
        prop_assert!(moved.lung().contains(&1));
    }

    #[test]
    fn an_order_is_a_permutation(len in 0_usize..200, seed: u64, epoch: u64) {
        let mut visited = order(len, seed, epoch);
        prop_assert_eq!(&visited, &order(len, seed, epoch));
        visited.sort_unstable();
        prop_assert_eq!(visited, (0..len).collect::<Vec<_>>());
    }
}

#[test]
fn ready_made_sets_have_names() {
    assert_eq!("light".parse::<Augmentation>().unwrap(), Augmentation::light());
    assert_eq!("standard".parse::<Augmentation>().unwrap(), Augmentation::standard());
    assert!("none".parse::<Augmentation>().unwrap().is_none());
    let error = "strong".parse::<Augmentation>().unwrap_err().to_string();
    assert_eq!(error, "'strong' is no augmentation; use one of none, light, standard");
}
