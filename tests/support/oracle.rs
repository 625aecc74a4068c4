//! Reading the reference figures.

use std::path::PathBuf;

use serde_json::Value;

/// A file of reference figures; those that `pulmo backend-check` needs too are with its library.
pub(crate) fn path(name: &str) -> PathBuf {
    let of_library = ["training.json", "networks.safetensors"].contains(&name);
    let folder = if of_library { "crates/jobs/reference" } else { "tests/data/oracle" };
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder).join(name)
}

/// A JSON file of reference figures.
pub(crate) fn json(name: &str) -> Value {
    let text = std::fs::read_to_string(path(name)).expect("the reference figures are in the repository");
    serde_json::from_str(&text).expect("the reference figures are JSON")
}

/// Files of networks: those of the paper, and those beyond it.
pub(crate) const NETWORKS: [&str; 2] = ["networks", "beyond"];

/// What the reference has about the network `name`: the file without its ending, the shape of the input, the figures.
pub(crate) fn network(name: &str) -> (&'static str, [usize; 4], Value) {
    let found = NETWORKS.into_iter().find_map(|file| {
        let mut figures = json(&format!("{file}.json"));
        let network = figures["networks"].get_mut(name)?.take();
        let shape = sizes(&figures["input"]["shape"]).try_into().expect("four dimensions");
        Some((file, shape, network))
    });
    found.unwrap_or_else(|| panic!("the reference figures have no {name}"))
}

/// An array of numbers.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    let array = value.as_array().expect("an array");
    array.iter().map(|number| number.as_f64().expect("a number")).collect()
}

/// An array of sizes or indices.
pub(crate) fn sizes(value: &Value) -> Vec<usize> {
    numbers(value).into_iter().map(|number| number as usize).collect()
}

/// The largest difference between `values` and the values that a reference sampled of the same tensor.
pub(crate) fn deviation(values: &[f32], sample: &Value) -> f64 {
    let expected = numbers(&sample["value"]);
    let index = sizes(&sample["index"]);
    assert_eq!(index.len(), expected.len());
    assert_eq!(values.len(), sizes(&sample["shape"]).iter().product::<usize>());
    let pairs = index.iter().zip(expected);
    pairs.map(|(&i, expected)| (f64::from(values[i]) - expected).abs()).fold(0.0, f64::max)
}
