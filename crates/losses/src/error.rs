//! What can be wrong with a loss or with what it is given.

/// Errors of this crate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A class weight cannot weigh.
    #[error("weight {weight} of class {class} is not usable; weights are finite, at least 0, and not all 0")]
    ClassWeight {
        /// Which class.
        class: usize,
        /// Its weight.
        weight: f32,
    },
    /// There is not one weight for each class.
    #[error("{weights} class weights are given for {classes} classes; give one for each class, or none")]
    ClassWeightCount {
        /// Number of weights.
        weights: usize,
        /// Number of classes.
        classes: usize,
    },
    /// A selection of classes cannot be made.
    #[error(
        "classes {selected:?} cannot be selected; name at least one, each once, and only such as the network has"
    )]
    ClassSelection {
        /// The classes that were to be selected.
        selected: Vec<usize>,
    },
    /// The selected classes weigh nothing.
    #[error("all selected classes weigh 0; select a class with a weight above 0")]
    NothingWeighs,
    /// Several classes were spoken of where there is one logit.
    #[error(
        "class weights and selections need a logit for each class, not a single one; leave them out, or use pos_weight or alpha"
    )]
    SingleLogit,
    /// A number lies outside its range.
    #[error("{value} is not usable; it has to be {requirement}")]
    OutOfRange {
        /// The value.
        value: f32,
        /// What it has to be.
        requirement: &'static str,
    },
    /// The number of channels does not fit the loss.
    #[error("the logits have {found} channels; {what} needs {needed}")]
    Channels {
        /// What was to be done.
        what: &'static str,
        /// Number of channels.
        found: usize,
        /// What it has to be.
        needed: &'static str,
    },
    /// Logits and targets do not belong together.
    #[error(
        "logits {logits:?} need targets [{}, {}, {}], but these are {target:?}",
        logits[0], logits[2], logits[3]
    )]
    Shape {
        /// Shape of the logits.
        logits: [usize; 4],
        /// Shape of the targets.
        target: [usize; 3],
    },
    /// There is not a single pixel.
    #[error("logits {logits:?} hold no pixel; a loss needs at least one")]
    NoPixel {
        /// Shape of the logits.
        logits: [usize; 4],
    },
    /// A target is no class.
    #[error("label {label} is none of the {classes} classes; correct the masks, or ignore that label")]
    Label {
        /// The label.
        label: i64,
        /// Number of classes.
        classes: usize,
    },
    /// The device did not give the targets back.
    #[error("the targets cannot be read from the device: {0}")]
    Device(String),
    /// A value in the text of a loss.
    #[error("'{text}' is not {expected}")]
    Unreadable {
        /// The text.
        text: String,
        /// What it should have been.
        expected: &'static str,
    },
    /// No loss of that name.
    #[error("there is no loss '{name}'; there are {known}")]
    UnknownLoss {
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The loss has no such option.
    #[error("{loss} has no option '{option}'; {known}")]
    UnknownOption {
        /// The loss.
        loss: &'static str,
        /// The option.
        option: String,
        /// What it has.
        known: String,
    },
    /// An option of a loss cannot be used.
    #[error("{option} of {loss}: {reason}")]
    Option {
        /// The loss.
        loss: &'static str,
        /// The option.
        option: &'static str,
        /// Why.
        reason: Box<Error>,
    },
    /// The text of a loss has another form.
    #[error("'{text}' is not a loss {problem}; write for example ce+0.5*dice or focal(gamma=2,alpha=0.25)")]
    Syntax {
        /// The text.
        text: String,
        /// What is wrong.
        problem: &'static str,
    },
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
