//! From the path of a parameter in our modules to its key in an SMP state dict.

/// The path of the parameter being visited, kept as SMP spells it.
#[derive(Debug, Default)]
pub(super) struct KeyPath {
    segments: Vec<Segment>,
}

/// One step of the path.
#[derive(Debug)]
struct Segment {
    /// SMP's name; `None` where its modules do not have this step.
    spelled: Option<String>,
    /// How SMP names the elements, where this step is a list.
    elements: Elements,
}

/// How SMP names the elements of a list.
#[derive(Debug, Clone, Copy)]
enum Elements {
    /// `0`, `1`, ...
    Index,
    /// A word and the number from 1, without a dot: `denselayer1`.
    Numbered(&'static str),
    /// The outer list of U-Net++'s nodes, by layer.
    Layers,
    /// The inner list of one layer, by depth: `x_{depth}_{layer}`.
    Nodes { layer: usize },
}

impl KeyPath {
    /// Enters the field `name` of the module type `container`, as Burn's visitors report both.
    pub(super) fn enter(&mut self, name: &str, container: &str) {
        let segment = match (container, name.parse::<usize>()) {
            ("Vec", Ok(index)) => {
                let elements = self.segments.last().map_or(Elements::Index, |list| list.elements);
                element(index, elements)
            }
            _ => field(name, container),
        };
        self.segments.push(segment);
    }

    /// Leaves the field entered last.
    pub(super) fn exit(&mut self) {
        self.segments.pop();
    }

    /// The key, for example `encoder.layer1.0.conv1.weight`.
    pub(super) fn key(&self) -> String {
        let named: Vec<&str> =
            self.segments.iter().filter_map(|segment| segment.spelled.as_deref()).collect();
        named.join(".")
    }
}

/// The element `index` of a list.
fn element(index: usize, elements: Elements) -> Segment {
    let plain = |spelled| Segment { spelled: Some(spelled), elements: Elements::Index };
    match elements {
        Elements::Index => plain(index.to_string()),
        Elements::Numbered(word) => plain(format!("{word}{}", index + 1)),
        Elements::Layers => Segment { spelled: None, elements: Elements::Nodes { layer: index } },
        Elements::Nodes { layer } => plain(format!("x_{index}_{layer}")),
    }
}

/// A field of a module.
fn field(name: &str, container: &str) -> Segment {
    let (kind, type_name) = container.split_once(':').unwrap_or((container, ""));
    let spelled = if kind == "Enum" { None } else { spelling(type_name, name) };
    let elements = match (type_name, name) {
        ("DenseFeatures", "denseblocks") => Elements::Numbered("denseblock"),
        ("DenseFeatures", "transitions") => Elements::Numbered("transition"),
        ("DenseBlock", "layers") => Elements::Numbered("denselayer"),
        ("UnetPlusPlusDecoder", "blocks") => Elements::Layers,
        _ => Elements::Index,
    };
    Segment { spelled: spelled.map(str::to_owned), elements }
}

/// SMP's name of a field; `None` for those that its modules do not have.
fn spelling<'a>(type_name: &str, name: &'a str) -> Option<&'a str> {
    Some(match (type_name, name) {
        // Lists whose elements stand directly in the parent there.
        ("DenseFeatures", "denseblocks" | "transitions") | ("DenseBlock", "layers") | ("Chain", "convs") => {
            return None;
        }
        // Elements of a `Sequential` there.
        ("ConvNorm" | "ConvNormAct" | "SegmentationHead", "conv") => "0",
        ("ConvNorm" | "ConvNormAct", "norm") | ("PooledProjection", "conv") => "1",
        ("ConvGroupNormAct", "conv") => "block.0",
        ("ConvGroupNormAct", "norm") => "block.1",
        ("ClassificationHead", "linear") => "3",
        ("ScseAttention", "squeeze") => "attention.cSE.1",
        ("ScseAttention", "excite") => "attention.cSE.3",
        ("ScseAttention", "spatial") => "attention.sSE.0",
        ("BatchNorm" | "GroupNorm" | "LayerNorm", "gamma") => "weight",
        ("BatchNorm" | "GroupNorm" | "LayerNorm", "beta") => "bias",
        _ => name,
    })
}

/// What a batch normalisation observes instead of learning.
const STATISTICS: [&str; 2] = ["running_mean", "running_var"];

/// Whether a key is that of a trained parameter.
pub(super) fn is_trained(key: &str) -> bool {
    !is_counter(key) && !STATISTICS.iter().any(|name| key.ends_with(name))
}

/// The counter that PyTorch keeps beside the running statistics of each batch normalisation.
pub(super) const COUNTER: &str = "num_batches_tracked";

/// The key of the counter that belongs to a `running_var`.
pub(super) fn counter_key(key: &str) -> Option<String> {
    key.strip_suffix("running_var").map(|prefix| format!("{prefix}{COUNTER}"))
}

/// Whether a key is such a counter; it takes no part in evaluation or training here.
pub(super) fn is_counter(key: &str) -> bool {
    key.ends_with(COUNTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(steps: &[(&str, &str)]) -> String {
        let mut path = KeyPath::default();
        for (name, container) in steps {
            path.enter(name, container);
        }
        path.key()
    }

    #[test]
    fn sequential_blocks_are_numbered_and_enum_variants_vanish() {
        let mut path = KeyPath::default();
        path.enter("decoder", "Struct:SegmentationModel");
        path.enter("Unet", "Enum:Decoder");
        path.enter("blocks", "Struct:UnetDecoder");
        path.enter("0", "Vec");
        path.enter("conv1", "Struct:DecoderBlock");
        path.enter("norm", "Struct:ConvNormAct");
        path.enter("gamma", "Struct:BatchNorm");
        assert_eq!(path.key(), "decoder.blocks.0.conv1.1.weight");
        path.exit();
        assert_eq!(path.key(), "decoder.blocks.0.conv1.1");
    }

    #[test]
    fn dense_blocks_and_layers_count_from_one() {
        let steps = [
            ("features", "Struct:DenseNet"),
            ("denseblocks", "Struct:DenseFeatures"),
            ("2", "Vec"),
            ("layers", "Struct:DenseBlock"),
            ("11", "Vec"),
            ("norm1", "Struct:DenseLayer"),
        ];
        assert_eq!(key(&steps), "features.denseblock3.denselayer12.norm1");
    }

    #[test]
    fn nodes_are_named_by_depth_and_layer() {
        let steps = [
            ("blocks", "Struct:UnetPlusPlusDecoder"),
            ("3", "Vec"),
            ("1", "Vec"),
            ("conv2", "Struct:DecoderBlock"),
        ];
        assert_eq!(key(&steps), "blocks.x_1_3.conv2");
    }

    #[test]
    fn chains_and_pooled_branches_are_sequential() {
        let chain = [
            ("features", "Struct:InceptionV4"),
            ("11", "Vec"),
            ("InceptionB", "Enum:Block"),
            ("branch2", "Struct:FourBranches"),
            ("convs", "Struct:Chain"),
            ("4", "Vec"),
            ("bn", "Struct:BasicConv"),
        ];
        assert_eq!(key(&chain), "features.11.branch2.4.bn");
        let pooled = [
            ("branch3", "Struct:FourBranches"),
            ("conv", "Struct:PooledProjection"),
            ("bn", "Struct:BasicConv"),
        ];
        assert_eq!(key(&pooled), "branch3.1.bn");
    }

    #[test]
    fn counters_stand_beside_the_running_variance() {
        assert_eq!(
            counter_key("encoder.bn1.running_var").as_deref(),
            Some("encoder.bn1.num_batches_tracked")
        );
        assert_eq!(counter_key("encoder.bn1.weight"), None);
    }
}
