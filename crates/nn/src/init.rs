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
}

impl Initialisation {
    /// The gain of a ReLU network.
    const RELU_GAIN: f64 = std::f64::consts::SQRT_2;

    pub(crate) fn initializer(self) -> Initializer {
        let gain = Self::RELU_GAIN;
        match self {
            Self::KaimingUniform => Initializer::KaimingUniform { gain, fan_out_only: false },
            Self::KaimingNormal => Initializer::KaimingNormal { gain, fan_out_only: false },
            Self::KaimingNormalFanOut => Initializer::KaimingNormal { gain, fan_out_only: true },
            Self::XavierUniform => Initializer::XavierUniform { gain: 1.0 },
        }
    }
}
