//! Costs as text, Markdown and JSON.

use pulmo::nn::interpret::MapSize;
use pulmo::prelude::*;
use serde_json::json;

use super::Row;

/// Parameters are told in millions.
const MEGA: f64 = 1e6;
/// Multiply-adds are told in thousand millions.
const GIGA: f64 = 1e9;

/// Why the table can be trusted, and how to make it again.
const PREFACE: &str = "\
Every pair of architecture and encoder with the defaults of segmentation_models.pytorch and two classes. Parameters are
the trained ones, in millions; multiply-adds are those of the convolutions, in thousand millions (GMAC). Normalisations,
activations, poolings and interpolations are not counted. A test holds this file to

```sh
pulmo networks --format markdown > docs/networks.md    # pulmo is installed by: cargo install --path crates/cli
```

which takes other sizes, depths, channels and single networks too, and writes text or JSON. Nothing is computed for it:
`SegmentationModel::cost` runs a network on sizes alone, with whatever options it was configured.
";

/// Three significant digits of thousand millions.
fn billions(multiply_adds: u64) -> String {
    let value = multiply_adds as f64 / GIGA;
    let decimals = 2usize.saturating_sub(value.max(1.0).log10() as usize);
    format!("{value:.decimals$}")
}

fn millions(parameters: u64) -> String {
    format!("{:.2}", parameters as f64 / MEGA)
}

/// The features after the input, for example `64 x 128²` for 64 channels of 128 x 128.
fn features(row: &Row) -> Vec<String> {
    let feature = |map: &MapSize| format!("{} x {}²", map.channels, map.height);
    row.cost.features().iter().skip(1).map(feature).collect()
}

pub(super) fn text(rows: &[Row]) -> String {
    let mut text = format!("{:<26}{:>12}{:>8}  features\n", "network", "parameters", "GMAC");
    for row in rows {
        let (name, parameters) = (row.config.to_string(), millions(row.cost.parameters()));
        let operations = billions(row.cost.multiply_adds());
        text += &format!("{name:<26}{parameters:>10} M{operations:>8}  {}\n", features(row).join(", "));
    }
    text
}

pub(super) fn json(rows: &[Row]) -> serde_json::Result<String> {
    let size = |map: &MapSize| [map.channels, map.height, map.width];
    let object = |Row { config, cost }: &Row| {
        json!({
            "name": config.to_string(),
            "network": config,
            "parameters": cost.parameters(),
            "multiply_adds": cost.multiply_adds(),
            "features": cost.features().iter().map(size).collect::<Vec<_>>(),
            "logits": size(&cost.logits()),
        })
    };
    let objects: Vec<_> = rows.iter().map(object).collect();
    Ok(serde_json::to_string_pretty(&objects)? + "\n")
}

pub(super) fn markdown(rows: &[Row], size: usize) -> String {
    let mut text = format!("# Networks\n\n{PREFACE}\n## Cost of one image of {size} x {size}\n\n");
    text += "| network | parameters, millions | GMAC |\n|---|---:|---:|\n";
    for Row { config, cost } in rows {
        let (parameters, operations) = (millions(cost.parameters()), billions(cost.multiply_adds()));
        text += &format!("| `{config}` | {parameters} | {operations} |\n");
    }
    text += &format!("\n## Features of an image of {size} x {size}\n\nChannels x side² after the input.\n\n");
    let levels = rows.iter().map(|row| row.cost.features().len()).max().unwrap_or(1) - 1;
    let strides: Vec<String> = (1..=levels).map(|level| format!(" stride {} |", 1 << level)).collect();
    text += &format!("| encoder |{}\n|---|{}\n", strides.concat(), "---:|".repeat(levels));
    let mut listed: Vec<EncoderName> = Vec::new();
    for row in rows {
        let encoder = row.config.encoder.name;
        if !listed.contains(&encoder) {
            listed.push(encoder);
            text += &format!("| `{encoder}` | {} |\n", features(row).join(" | "));
        }
    }
    text
}
