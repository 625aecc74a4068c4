//! From the path of a parameter in our modules to its key in an SMP state dict.

/// The path of the parameter being visited, kept as SMP spells it.
#[derive(Debug, Default)]
pub(super) struct KeyPath {
    segments: Vec<Option<String>>,
}

impl KeyPath {
    /// Enters the field `name` of the module type `container`, as Burn's visitors report both.
    pub(super) fn enter(&mut self, name: &str, container: &str) {
        self.segments.push(segment(name, container));
    }

    /// Leaves the field entered last.
    pub(super) fn exit(&mut self) {
        self.segments.pop();
    }

    /// The key, for example `encoder.layer1.0.conv1.weight`.
    pub(super) fn key(&self) -> String {
        let named: Vec<&str> = self.segments.iter().flatten().map(String::as_str).collect();
        named.join(".")
    }
}

/// SMP's name of one path segment; `None` for those that SMP's modules do not have.
fn segment(name: &str, container: &str) -> Option<String> {
    let (kind, type_name) = container.split_once(':').unwrap_or((container, ""));
    if kind == "Enum" {
        return None;
    }
    let spelled = match (type_name, name) {
        // Convolution and normalisation are elements of a `Sequential` there.
        ("ConvNorm" | "ConvNormAct" | "SegmentationHead", "conv") => "0",
        ("ConvNorm" | "ConvNormAct", "norm") => "1",
        ("BatchNorm" | "GroupNorm", "gamma") => "weight",
        ("BatchNorm" | "GroupNorm", "beta") => "bias",
        _ => name,
    };
    Some(spelled.to_owned())
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
    fn counters_stand_beside_the_running_variance() {
        assert_eq!(
            counter_key("encoder.bn1.running_var").as_deref(),
            Some("encoder.bn1.num_batches_tracked")
        );
        assert_eq!(counter_key("encoder.bn1.weight"), None);
    }
}
