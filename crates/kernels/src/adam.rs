//! The update of Adam and AdamW.

use rayon::prelude::*;

use crate::check::check_lengths;
use crate::vectorised::vectorised;
use crate::{Isa, Result};

/// Elements of a piece of work: four buffers of them stay in the second-level cache.
const PIECE: usize = 32 << 10;

/// The constants of one step of Adam (Kingma & Ba 2015), or of AdamW (Loshchilov & Hutter 2019) where there is a weight
/// decay, named as in PyTorch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamStep {
    /// Learning rate.
    pub learning_rate: f64,
    /// Decay of the first moment, and of the second.
    pub betas: [f64; 2],
    /// Added to the root of the second moment.
    pub epsilon: f64,
    /// Share of a parameter, times the learning rate, that is taken off before the step; 0 for Adam.
    pub weight_decay: f64,
    /// Which step this is, from 1.
    pub time: usize,
}

/// [`AdamStep`] as the loop needs it.
#[derive(Clone, Copy)]
pub(crate) struct Constants {
    /// `1 - beta_1`.
    towards_gradient: f32,
    beta_2: f32,
    /// `1 - beta_2`.
    of_square: f32,
    /// `learning_rate / (1 - beta_1^t)`.
    step: f32,
    /// `1 / sqrt(1 - beta_2^t)`.
    root_scale: f32,
    epsilon: f32,
    /// `1 - learning_rate * weight_decay`.
    kept: f32,
}

impl AdamStep {
    fn constants(&self) -> Constants {
        let [beta_1, beta_2] = self.betas;
        let time = i32::try_from(self.time).unwrap_or(i32::MAX);
        Constants {
            towards_gradient: (1.0 - beta_1) as f32,
            beta_2: beta_2 as f32,
            of_square: (1.0 - beta_2) as f32,
            step: (self.learning_rate / (1.0 - beta_1.powi(time))) as f32,
            root_scale: (1.0 - beta_2.powi(time)).sqrt().recip() as f32,
            epsilon: self.epsilon as f32,
            kept: (1.0 - self.learning_rate * self.weight_decay) as f32,
        }
    }
}

vectorised! {
    fn update(c: Constants, parameter: &[f32], gradient: &mut [f32], first: &mut [f32], second: &mut [f32]) {
        for (((p, g), m), v) in parameter.iter().zip(gradient).zip(first).zip(second) {
            *m += (*g - *m) * c.towards_gradient;
            *v = *v * c.beta_2 + *g * *g * c.of_square;
            *g = p * c.kept - c.step * *m / (v.sqrt() * c.root_scale + c.epsilon);
        }
    }
}

/// One step of Adam or AdamW: `gradient` becomes the updated parameter, so that no buffer is needed even where the parameter is
/// shared; `moments` are those of the gradient and of its square, zero before the first step.
///
/// # Errors
/// Buffers of different lengths.
pub fn adam_step(
    step: &AdamStep,
    parameter: &[f32],
    gradient: &mut [f32],
    [first, second]: [&mut [f32]; 2],
) -> Result<()> {
    let len = parameter.len();
    check_lengths(&[
        ("gradient", len, gradient.len()),
        ("first moment", len, first.len()),
        ("second moment", len, second.len()),
    ])?;
    let (isa, constants) = (Isa::detect(), step.constants());
    let pieces = parameter
        .par_chunks(PIECE)
        .zip(gradient.par_chunks_mut(PIECE))
        .zip(first.par_chunks_mut(PIECE).zip(second.par_chunks_mut(PIECE)));
    pieces.for_each(|((parameter, gradient), (first, second))| {
        update(isa, constants, parameter, gradient, first, second);
    });
    Ok(())
}
