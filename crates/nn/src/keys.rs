//! The names that networks give their tensors in a state dict.
//!
//! A module declares how its counterpart in PyTorch spells its parts, with [`keyed!`](crate::keyed) beside its
//! definition. The names of Rust's types and fields take no part in it: renaming either, or moving a module to another
//! file, leaves every checkpoint readable, and a new field does not compile until its name is declared.

use std::collections::HashMap;

use burn::module::{Module, ModuleVisitor, Param, ParamId, RunningState};
use burn::nn::{BatchNorm, GroupNorm, LayerNorm};
use burn::tensor::Tensor;

/// A module that knows the names of its tensors in a state dict.
pub trait Keyed {
    /// Adds the name of every tensor of this module to `keys`, below the place where `keys` stands.
    fn keys(&self, keys: &mut Keys);
}

/// The names of a module's tensors in a state dict, for example `encoder.layer1.0.conv1.weight`.
#[derive(Debug, Default)]
pub struct Keys {
    place: Vec<String>,
    names: HashMap<ParamId, String>,
}

impl Keys {
    /// The names of every tensor of `module`.
    pub fn of(module: &impl Keyed) -> Self {
        let mut keys = Self::default();
        module.keys(&mut keys);
        keys
    }

    /// The name of a tensor; `None` for one that the module did not name.
    pub fn get(&self, id: ParamId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// Adds the names of `part`, which stands at `step` of the present place: one name, several with dots between them
    /// (`attention.cSE.1`), or none where the part's own parts stand there directly.
    pub fn part(&mut self, step: impl Into<String>, part: &impl Keyed) {
        self.place.push(step.into());
        part.keys(self);
        self.place.pop();
    }

    /// Adds the names of parts that stand at `word` with their number from 1 on, without a dot: `denselayer1`.
    pub fn numbered(&mut self, word: &str, parts: &[impl Keyed]) {
        for (index, part) in parts.iter().enumerate() {
            self.part(format!("{word}{}", index + 1), part);
        }
    }

    /// Names a tensor by the present place.
    fn tensor(&mut self, id: ParamId) {
        let steps: Vec<&str> =
            self.place.iter().map(String::as_str).filter(|step| !step.is_empty()).collect();
        self.names.insert(id, steps.join("."));
    }
}

impl<const D: usize> Keyed for Param<Tensor<D>> {
    fn keys(&self, keys: &mut Keys) {
        keys.tensor(self.id);
    }
}

impl<const D: usize> Keyed for RunningState<Tensor<D>> {
    fn keys(&self, keys: &mut Keys) {
        // The state shows its identity to visitors alone.
        struct Identity<'a>(&'a mut Keys);
        impl ModuleVisitor for Identity<'_> {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                self.0.tensor(param.id);
            }
        }
        self.visit(&mut Identity(keys));
    }
}

impl<T: Keyed> Keyed for Option<T> {
    fn keys(&self, keys: &mut Keys) {
        if let Some(part) = self {
            part.keys(keys);
        }
    }
}

/// Elements stand at `0`, `1`, ...
impl<T: Keyed> Keyed for Vec<T> {
    fn keys(&self, keys: &mut Keys) {
        for (index, part) in self.iter().enumerate() {
            keys.part(index.to_string(), part);
        }
    }
}

impl Keyed for BatchNorm {
    fn keys(&self, keys: &mut Keys) {
        keys.part("weight", &self.gamma);
        keys.part("bias", &self.beta);
        keys.part("running_mean", &self.running_mean);
        keys.part("running_var", &self.running_var);
    }
}

impl Keyed for GroupNorm {
    fn keys(&self, keys: &mut Keys) {
        keys.part("weight", &self.gamma);
        keys.part("bias", &self.beta);
    }
}

impl Keyed for LayerNorm {
    fn keys(&self, keys: &mut Keys) {
        keys.part("weight", &self.gamma);
        keys.part("bias", &self.beta);
    }
}

/// Declares the names of a module's parts in a state dict: [`Keyed`](crate::keys::Keyed) for a struct or an enum.
///
/// Every field is listed: by its name alone where PyTorch's counterpart has the same, with `field: "name"` where it has
/// another (`""` where the field's parts stand directly in the module), and behind `without` where it holds no tensors
/// of a state dict. An enum is transparent: its variants add nothing to the names.
///
/// ```
/// use burn::module::Module;
/// use pulmo_nn::{Conv2d, Conv2dConfig, Linear, keyed, keys::Keys};
///
/// #[derive(Module, Debug)]
/// struct Block {
///     conv: Conv2d,
///     project: Option<Linear>,
///     #[module(skip)]
///     factor: usize,
/// }
/// keyed!(Block { conv: "0.conv", project } without factor);
///
/// # #[cfg(feature = "flex")] {
/// let conv = Conv2dConfig::new(1, 2, 3).init(&burn::prelude::Device::flex());
/// let id = conv.weight.id;
/// let block = Block { conv, project: None, factor: 2 };
/// assert_eq!(Keys::of(&block).get(id), Some("0.conv.weight"));
/// # }
/// ```
#[macro_export]
macro_rules! keyed {
    (enum $type:ident { $($variant:ident),+ $(,)? }) => {
        impl $crate::keys::Keyed for $type {
            fn keys(&self, keys: &mut $crate::keys::Keys) {
                match self {
                    $(Self::$variant(part) => $crate::keys::Keyed::keys(part, keys),)+
                }
            }
        }
    };
    ($type:ident { $($field:ident $(: $step:literal)?),+ $(,)? } $(without $($plain:ident),+)?) => {
        impl $crate::keys::Keyed for $type {
            fn keys(&self, keys: &mut $crate::keys::Keys) {
                let Self { $($field,)+ $($($plain: _,)+)? } = self;
                $(keys.part($crate::keyed!(@step $field $($step)?), $field);)+
            }
        }
    };
    (@step $field:ident) => { stringify!($field) };
    (@step $field:ident $step:literal) => { $step };
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::prelude::Device;

    use super::*;
    use crate::{Conv2d, Conv2dConfig, batch_norm};

    /// Types and fields without a meaning, so that a name taken from them would show.
    #[derive(Module, Debug)]
    struct X {
        a: Vec<Y>,
        b: Y,
        c: Option<Conv2d>,
        #[module(skip)]
        d: usize,
    }
    crate::keyed!(X { a: "", b: "left.right", c: "middle" } without d);

    #[derive(Module, Debug)]
    enum Y {
        P(Conv2d),
        Q(BatchNorm),
    }
    crate::keyed!(
        enum Y {
            P,
            Q,
        }
    );

    #[derive(Default)]
    struct Ids(Vec<ParamId>);

    impl ModuleVisitor for Ids {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.push(param.id);
        }
    }

    #[test]
    fn names_are_those_declared_and_every_tensor_has_one() {
        let device = Device::flex();
        let conv = |bias| Conv2dConfig::new(1, 2, 3).with_bias(bias).init(&device);
        let module = X {
            a: vec![Y::P(conv(false)), Y::Q(batch_norm(2, &device))],
            b: Y::P(conv(true)),
            c: Some(conv(false)),
            d: 7,
        };
        let keys = Keys::of(&module);
        let mut ids = Ids::default();
        module.visit(&mut ids);
        let names: Vec<&str> = ids.0.iter().map(|&id| keys.get(id).unwrap_or("none")).collect();
        let expected = [
            "0.weight",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "left.right.weight",
            "left.right.bias",
            "middle.weight",
        ];
        assert_eq!(names, expected);
        assert_eq!(module.d, 7);
        assert_eq!(keys.get(ParamId::new()), None);
    }

    #[test]
    fn numbers_from_one_stand_behind_their_word() {
        let device = Device::flex();
        let convs = [3, 5].map(|kernel| Conv2dConfig::new(1, 1, kernel).with_bias(false).init(&device));
        let mut keys = Keys::default();
        keys.numbered("layer", &convs);
        assert_eq!(
            convs.map(|conv| keys.get(conv.weight.id).map(str::to_owned)),
            [Some("layer1.weight".to_owned()), Some("layer2.weight".to_owned())]
        );
    }
}
