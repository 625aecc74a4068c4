//! Weight initialisations, by their names in PyTorch.

use burn::nn::Initializer;

/// How the weight of a convolution is drawn. Biases start at zero, normalisation at scale 1 and shift 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Initialisation {
    /// `kaiming_uniform_(mode="fan_in", nonlinearity="relu")`: SMP's decoders.
    #[default]
    KaimingUniform,
    /// `kaiming_normal_(nonlinearity="relu")` by fan-in: torchvision's DenseNets.
    KaimingNormal,
    /// `kaiming_normal_(mode="fan_out", nonlinearity="relu")`: torchvision's ResNets.
    KaimingNormalFanOut,
    /// `xavier_uniform_`: SMP's heads.
    XavierUniform,
    /// `kaiming_uniform_(a=sqrt(5))`, what PyTorch's `Conv2d` draws by itself: SMP's Inception v4.
    KaimingUniformLeaky,
}

impl Initialisation {
    /// The gain of a ReLU network.
    const RELU_GAIN: f64 = std::f64::consts::SQRT_2;
    /// `sqrt(2 / (1 + a^2))` for PyTorch's own slope `a = sqrt(5)`.
    const LEAKY_GAIN: f64 = 0.577_350_269_189_625_8;

    pub(crate) fn initializer(self) -> Initializer {
        let gain = Self::RELU_GAIN;
        match self {
            Self::KaimingUniform => Initializer::KaimingUniform { gain, fan_out_only: false },
            Self::KaimingNormal => Initializer::KaimingNormal { gain, fan_out_only: false },
            Self::KaimingNormalFanOut => Initializer::KaimingNormal { gain, fan_out_only: true },
            Self::XavierUniform => Initializer::XavierUniform { gain: 1.0 },
            Self::KaimingUniformLeaky => {
                Initializer::KaimingUniform { gain: Self::LEAKY_GAIN, fan_out_only: false }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pytorchs_own_initialisation_is_bounded_by_the_fan_in() {
        // A uniform draw of variance v is bounded by sqrt(3 v); PyTorch documents the bound 1 / sqrt(fan_in).
        let bound_of_one_input = 3f64.sqrt() * Initialisation::LEAKY_GAIN;
        assert!((bound_of_one_input - 1.0).abs() < 1e-15, "{bound_of_one_input}");
    }
}
