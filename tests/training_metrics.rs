//! Figures of an epoch in burn-train: pooled over batches of unequal sizes, choosing checkpoints and the end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::backend::ExecutionError;
use burn::data::dataloader::{DataLoaderBuilder, Progress, batcher::Batcher};
use burn::data::dataset::InMemDataset;
use burn::module::{Module, Param};
use burn::optim::SgdConfig;
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use burn::train::checkpoint::MetricCheckpointingStrategy;
use burn::train::metric::store::{Aggregate, Direction, Split};
use burn::train::metric::{Adaptor, ItemLazy, LossInput, LossMetric, Metric, MetricMetadata, Numeric};
use burn::train::{
    ExecutionStrategy, InferenceStep, Learner, MetricEarlyStoppingStrategy, StoppingCondition,
    SupervisedTraining, TrainOutput, TrainStep,
};
use proptest::prelude::*;
use pulmo::metrics::{ConfusionCounts, EmptyPolicy, Metric as Figure};
use pulmo::training::{ConfusionInput, ConfusionMetric, ProgressRenderer};

fn metadata() -> MetricMetadata {
    let progress = Progress { items_processed: 1, items_total: 1, unit: None };
    MetricMetadata { progress, iteration: None, lr: None }
}

fn masks(values: &[bool], shape: [usize; 3]) -> Tensor<3, Bool> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex())
}

/// The five of a training, and others.
fn metrics() -> [(Figure, ConfusionMetric); 7] {
    [
        (Figure::Iou, ConfusionMetric::iou()),
        (Figure::Dsc, ConfusionMetric::dsc()),
        (Figure::Sensitivity, ConfusionMetric::sensitivity()),
        (Figure::Specificity, ConfusionMetric::specificity()),
        (Figure::Accuracy, ConfusionMetric::accuracy()),
        (Figure::Mcc, ConfusionMetric::new(Figure::Mcc, EmptyPolicy::One)),
        (Figure::Precision, ConfusionMetric::new(Figure::Precision, EmptyPolicy::One)),
    ]
}

/// Batches of one to four images of 3 x 2 pixels, predicted and true.
fn batches() -> impl Strategy<Value = Vec<Vec<(bool, bool)>>> {
    let batch = (1_usize..5).prop_flat_map(|images| prop::collection::vec(any::<(bool, bool)>(), images * 6));
    prop::collection::vec(batch, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_epoch_is_the_sum_of_its_counts(batches in batches()) {
        let all: Vec<(bool, bool)> = batches.concat();
        let (predicted, target): (Vec<bool>, Vec<bool>) = all.into_iter().unzip();
        let pooled = ConfusionCounts::from_masks(&predicted, &target).unwrap();
        for (figure, mut metric) in metrics() {
            for batch in &batches {
                let (predicted, target): (Vec<bool>, Vec<bool>) = batch.iter().copied().unzip();
                let shape = [batch.len() / 6, 3, 2];
                let input = ConfusionInput::of_masks(masks(&predicted, shape), masks(&target, shape)).unwrap();
                metric.update(&input, &metadata()).unwrap();
            }
            prop_assert_eq!(*metric.counts(), pooled);
            let scale = if figure == Figure::Mcc { 1.0 } else { 100.0 };
            let expected = pooled.figure(figure, EmptyPolicy::One).unwrap() * scale;
            prop_assert_eq!(metric.running_value().unwrap().current(), expected);
            prop_assert_eq!(metric.final_value().current(), expected);
            metric.compute().unwrap();
            metric.clear();
            prop_assert_eq!(*metric.counts(), ConfusionCounts::default());
        }
    }
}

#[test]
fn a_class_is_predicted_where_its_logit_is_highest() {
    let device = Device::flex();
    let logits = Tensor::<4>::from_floats(
        [[[[3.0, 0.0, 0.0, 1.0]], [[1.0, 2.0, 0.0, 0.0]], [[0.0, 0.0, 1.0, 4.0]]]],
        &device,
    );
    let targets = Tensor::<3, Int>::from_ints([[[0, 1, 1, 2]]], &device);
    for (class, expected) in [
        (0, ConfusionCounts::new(1, 0, 0, 3)),
        (1, ConfusionCounts::new(1, 0, 1, 2)),
        (2, ConfusionCounts::new(1, 1, 0, 2)),
    ] {
        let input = ConfusionInput::of_class(logits.clone(), targets.clone(), class).unwrap();
        let mut metric = ConfusionMetric::iou();
        metric.update(&input, &metadata()).unwrap();
        assert_eq!(*metric.counts(), expected, "class {class}");
    }
    assert!(ConfusionInput::of_class(logits, Tensor::zeros([1, 4, 1], &device), 1).is_err());
}

#[test]
fn a_figure_without_cases_is_not_shown_and_never_the_best() {
    let nothing = masks(&[false; 6], [1, 3, 2]);
    let input = ConfusionInput::of_masks(nothing.clone(), nothing).unwrap();
    let mut metric = ConfusionMetric::new(Figure::Sensitivity, EmptyPolicy::Skip);
    assert!(metric.update(&input, &metadata()).unwrap().is_not_available());
    assert!(metric.value().is_none());
    assert!(metric.final_value().current().is_nan());
    let mut counted = ConfusionMetric::sensitivity();
    counted.update(&input, &metadata()).unwrap();
    assert_eq!(counted.final_value().current(), 100.0);
}

const PIXELS: usize = 12;
const IMAGES: usize = 7;
const BATCH: usize = 3;
const START: f32 = 9.0;
/// What the threshold rises by in a step.
const STEP: f32 = 0.5;
const PATIENCE: usize = 2;

/// Takes for foreground what is brighter than a threshold, which every step raises.
#[derive(Module, Debug)]
struct Rising {
    threshold: Param<Tensor<1>>,
}

#[derive(Debug, Clone)]
struct Images {
    pixels: Tensor<3>,
    target: Tensor<3, Bool>,
}

#[derive(Debug, Clone)]
struct Output {
    loss: Tensor<1>,
    confusion: ConfusionInput,
}

impl Rising {
    fn run(&self, images: Images) -> Output {
        let threshold = self.threshold.val();
        let shape = images.pixels.dims();
        let limit = threshold.clone().without_autodiff().reshape([1, 1, 1]).expand(shape);
        let predicted = images.pixels.without_autodiff().greater(limit);
        Output {
            loss: threshold.neg(),
            confusion: ConfusionInput::of_masks(predicted, images.target).unwrap(),
        }
    }
}

impl TrainStep for Rising {
    type Input = Images;
    type Output = Output;

    fn step(&self, images: Images) -> TrainOutput<Output> {
        let output = self.run(images);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for Rising {
    type Input = Images;
    type Output = Output;

    fn step(&self, images: Images) -> Output {
        self.run(images)
    }
}

impl ItemLazy for Output {
    fn sync(self) -> Result<Self, ExecutionError> {
        Ok(Self { loss: self.loss.without_autodiff(), ..self })
    }
}

impl Adaptor<LossInput> for Output {
    fn adapt(&self) -> LossInput {
        LossInput::new(self.loss.clone())
    }
}

impl Adaptor<ConfusionInput> for Output {
    fn adapt(&self) -> ConfusionInput {
        self.confusion.clone()
    }
}

/// Image `i` is brighter to the right; its foreground is what is brighter than 15 + i.
#[derive(Clone)]
struct Stacked;

fn image(index: usize) -> (Vec<f32>, Vec<bool>) {
    let pixels: Vec<f32> = (0..PIXELS).map(|x| (2 * x + index % 3) as f32 + 0.25).collect();
    let target = pixels.iter().map(|value| *value > 15.0 + index as f32).collect();
    (pixels, target)
}

impl Batcher<usize, Images> for Stacked {
    fn batch(&self, items: Vec<usize>, device: &Device) -> Images {
        let shape = [items.len(), 1, PIXELS];
        let (pixels, target): (Vec<_>, Vec<_>) = items.into_iter().map(image).unzip();
        Images {
            pixels: Tensor::from_data(TensorData::new(pixels.concat(), shape), device),
            target: Tensor::from_data(TensorData::new(target.concat(), shape), device),
        }
    }
}

/// IoU in percent over all images behind `epoch` epochs.
fn expected_iou(epoch: usize) -> f64 {
    let steps = epoch * IMAGES.div_ceil(BATCH);
    let threshold = START + STEP * steps as f32;
    let counts: ConfusionCounts = (0..IMAGES)
        .map(|index| {
            let (pixels, target) = image(index);
            let predicted: Vec<bool> = pixels.iter().map(|value| *value > threshold).collect();
            ConfusionCounts::from_masks(&predicted, &target).unwrap()
        })
        .sum();
    counts.iou(EmptyPolicy::One).unwrap() * 100.0
}

#[test]
fn the_best_epoch_is_kept_and_the_training_stops_behind_it() {
    const EPOCHS: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let device = Device::flex();
    let loader = || {
        DataLoaderBuilder::new(Stacked)
            .batch_size(BATCH)
            .set_device(device.clone())
            .build(InMemDataset::new((0..IMAGES).collect()))
    };
    let iou = ConfusionMetric::iou();
    let (mean, highest) = (Aggregate::Mean, Direction::Highest);
    let patience = StoppingCondition::NoImprovementSince { n_epochs: PATIENCE };
    let training = SupervisedTraining::new(folder.path(), loader(), loader())
        .metrics((LossMetric::new(), iou.clone(), ConfusionMetric::sensitivity()))
        .with_default_checkpointers()
        .with_checkpointing_strategy(MetricCheckpointingStrategy::new(&iou, mean, highest, Split::Valid))
        .early_stopping(MetricEarlyStoppingStrategy::new(&iou, mean, highest, Split::Valid, patience))
        .with_training_strategy(ExecutionStrategy::SingleDevice(device.clone().autodiff()).into())
        .renderer(Box::new(ProgressRenderer::default()))
        .num_epochs(EPOCHS);
    let model = Rising { threshold: Param::from_tensor(Tensor::from_floats([START], &device)) };
    let learner = Learner::new(model.train(), SgdConfig::new().init(), f64::from(STEP));
    let result = training.launch(learner);
    assert!(result.error.is_none(), "{:?}", result.error);

    let ious: Vec<f64> = (1..=EPOCHS).map(expected_iou).collect();
    let best = (0..EPOCHS).fold(0, |best, at| if ious[at] > ious[best] { at } else { best }) + 1;
    assert!(1 < best && best + PATIENCE < EPOCHS, "the best epoch is {best}: {ious:?}");
    let log = |epoch: usize| {
        std::fs::read_to_string(folder.path().join(format!("valid/epoch-{epoch}/IoU.log"))).ok()
    };
    for epoch in 1..=best + PATIENCE {
        let log = log(epoch).unwrap();
        let last: f64 = log.lines().last().unwrap().strip_suffix(",final").unwrap().parse().unwrap();
        assert_eq!(last, ious[epoch - 1], "epoch {epoch}");
    }
    assert!(log(best + PATIENCE + 1).is_none(), "it went on");
    let kept: Vec<usize> = (1..=EPOCHS)
        .filter(|epoch| folder.path().join(format!("checkpoint/model-{epoch}.bpk")).exists())
        .collect();
    assert_eq!(kept, [best]);
}
