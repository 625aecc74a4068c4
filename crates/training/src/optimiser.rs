//! Adam and AdamW with PyTorch's constants.

use burn::optim::{
    Adam, AdamConfig, AdamState, AdaptiveMomentumState, LearningRate, ModuleOptimizer, Optimizer,
};
use burn::tensor::{Device, Tensor};
use pulmo_nn::adam::{AdamStep, Moments};

/// PyTorch's decay of the two moments.
const BETAS: [f64; 2] = [0.9, 0.999];
/// PyTorch's epsilon; Burn's default is 1e-5.
const EPSILON: f64 = 1e-8;

/// Adam with PyTorch's constants.
pub fn adam() -> ModuleOptimizer {
    FusedAdam::new(0.0).into()
}

/// AdamW with PyTorch's constants: every parameter is first multiplied by `1 - learning_rate * weight_decay`.
pub fn adamw(weight_decay: f64) -> ModuleOptimizer {
    FusedAdam::new(weight_decay).into()
}

/// Adam or AdamW whose step is one parallel pass over parameter, gradient and moments, without new buffers, where the
/// kernels cover the tensors, and Burn's own elsewhere. Its records are those of Burn's Adam.
#[derive(Clone)]
pub struct FusedAdam {
    fallback: Adam,
    weight_decay: f64,
}

impl std::fmt::Debug for FusedAdam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FusedAdam")
            .field("betas", &BETAS)
            .field("epsilon", &EPSILON)
            .field("weight_decay", &self.weight_decay)
            .finish()
    }
}

impl FusedAdam {
    /// With decoupled weight decay; 0 is Adam.
    #[must_use]
    pub fn new(weight_decay: f64) -> Self {
        let [beta_1, beta_2] = BETAS.map(|beta| beta as f32);
        let config = AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(EPSILON as f32);
        Self { fallback: config.build(), weight_decay }
    }
}

impl Default for FusedAdam {
    fn default() -> Self {
        Self::new(0.0)
    }
}

impl Optimizer for FusedAdam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<AdamState<D>>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        if !pulmo_nn::adam::covers(&tensor, &grad) {
            let decayed = match self.weight_decay {
                0.0 => tensor,
                decay => tensor.mul_scalar(1.0 - lr * decay),
            };
            return self.fallback.step(lr, decayed, grad, state);
        }
        let (time, moments) = match state {
            Some(AdamState { momentum }) => {
                (momentum.time, Moments { first: momentum.moment_1, second: momentum.moment_2 })
            }
            None => (0, Moments { first: tensor.zeros_like(), second: tensor.zeros_like() }),
        };
        let step = AdamStep {
            learning_rate: lr,
            betas: BETAS,
            epsilon: EPSILON,
            weight_decay: self.weight_decay,
            time: time + 1,
        };
        let (tensor, moments) = pulmo_nn::adam::step(step, tensor, grad, moments);
        let momentum = AdaptiveMomentumState::new(time + 1, moments.first, moments.second);
        (tensor, Some(AdamState::new(momentum)))
    }

    fn to_device<const D: usize>(state: AdamState<D>, device: &Device) -> AdamState<D> {
        Adam::to_device(state, device)
    }
}
