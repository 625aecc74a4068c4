//! The threshold of a detection score, chosen on cases whose class is known.

use crate::{Error, OperatingPoint, Percent, Probability, Result, Threshold};

/// A threshold, and how well it separates the set it was chosen on.
///
/// Made by [`choose_threshold`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThresholdChoice {
    threshold: Threshold,
    sensitivity: f64,
    specificity: f64,
}

impl ThresholdChoice {
    /// The chosen threshold.
    #[must_use]
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The share of the positive cases that it calls positive, in `[0, 1]`.
    #[must_use]
    pub fn sensitivity(&self) -> f64 {
        self.sensitivity
    }

    /// The share of the negative cases that it calls negative, in `[0, 1]`.
    #[must_use]
    pub fn specificity(&self) -> f64 {
        self.specificity
    }

    /// Youden's J, in `[0, 1]`: sensitivity + specificity - 1. At 0 the scores
    /// do not separate the classes.
    #[must_use]
    pub fn youden_j(&self) -> f64 {
        self.sensitivity + self.specificity - 1.0
    }
}

/// Chooses the threshold of the largest Youden's J for cases given as
/// `(score, positive)`: [`choose_threshold_at`] with [`OperatingPoint::Youden`].
///
/// # Errors
/// [`Error::OneClassOnly`] unless there is at least one case of each class.
///
/// ```
/// use pulmo_findings::{Probability, choose_threshold};
///
/// let case = |score, positive| Ok::<_, pulmo_findings::Error>((Probability::new(score)?, positive));
/// let choice = choose_threshold(&[case(0.1, false)?, case(0.2, false)?, case(0.6, true)?])?;
/// assert!((choice.threshold().get() - 0.4).abs() < 1e-12);
/// assert_eq!(choice.youden_j(), 1.0);
/// # Ok::<(), pulmo_findings::Error>(())
/// ```
pub fn choose_threshold(scores_and_labels: &[(Probability, bool)]) -> Result<ThresholdChoice> {
    choose_threshold_at(OperatingPoint::Youden, scores_and_labels)
}

/// Chooses the threshold of an operating point for cases given as `(score, positive)`.
///
/// The threshold lies midway between the two neighbouring scores that it separates, or at 0 if everything is best called
/// positive. Of thresholds with equal J the one of higher sensitivity, the lowest, is taken; of those with equal sensitivity
/// the one of higher specificity. [`OperatingPoint::BothReach`] takes the middle of all that are good enough.
///
/// Choose on a validation set: sensitivity and specificity on the set that a threshold was chosen on are too good, and a
/// test set must not choose.
///
/// # Errors
/// [`Error::OneClassOnly`] unless there is at least one case of each class, [`Error::SpecificityNotReached`] or
/// [`Error::BothNotReached`] where no threshold is as good as the operating point asks.
///
/// ```
/// use pulmo_findings::{OperatingPoint, Percent, Probability, choose_threshold_at};
///
/// let case = |score, positive| Ok::<_, pulmo_findings::Error>((Probability::new(score)?, positive));
/// let cases = [case(0.1, false)?, case(0.2, true)?, case(0.4, false)?, case(0.6, true)?];
/// let point = OperatingPoint::SensitiveAt { specificity: Percent::new(50.0)? };
/// let choice = choose_threshold_at(point, &cases)?;
/// assert_eq!((choice.sensitivity(), choice.specificity()), (1.0, 0.5));
/// # Ok::<(), pulmo_findings::Error>(())
/// ```
pub fn choose_threshold_at(
    point: OperatingPoint,
    scores_and_labels: &[(Probability, bool)],
) -> Result<ThresholdChoice> {
    let positives = scores_and_labels.iter().filter(|case| case.1).count();
    let negatives = scores_and_labels.len() - positives;
    if positives == 0 || negatives == 0 {
        return Err(Error::OneClassOnly { positives, negatives });
    }

    let mut cases = scores_and_labels.to_vec();
    cases.sort_by(|a, b| a.0.get().total_cmp(&b.0.get()));
    let demand = Demand { point, positives, negatives };
    let cuts = Cut::all(&cases, Tally { true_positives: positives, true_negatives: 0 });
    let threshold = demand.threshold(&cuts);
    // Of several cuts, the one in which their middle lies.
    let lies_above = |cut: &&Cut| cut.below.is_none_or(|below| !threshold.is_reached_by(below));
    let tally = cuts.iter().rfind(lies_above).map_or(Tally::default(), |cut| cut.tally);
    demand.check(&tally)?;
    Ok(ThresholdChoice {
        threshold,
        sensitivity: demand.sensitivity(&tally),
        specificity: demand.specificity(&tally),
    })
}

#[derive(Clone, Copy, Default)]
struct Tally {
    true_positives: usize,
    true_negatives: usize,
}

impl Tally {
    fn call_negative(&mut self, cases: &[(Probability, bool)]) {
        for &(_, positive) in cases {
            if positive {
                self.true_positives -= 1;
            } else {
                self.true_negatives += 1;
            }
        }
    }
}

/// Two neighbouring scores, and what comes of a threshold between them; the first has nothing below, and calls everything
/// positive.
struct Cut {
    below: Option<Probability>,
    above: Probability,
    tally: Tally,
}

impl Cut {
    /// Every one, from the lowest up, for cases sorted by their scores.
    fn all(cases: &[(Probability, bool)], all_positive: Tally) -> Vec<Self> {
        let mut below = None;
        let mut tally = all_positive;
        let mut cuts = Vec::new();
        for group in cases.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(above, _)) = group.first() else { continue };
            cuts.push(Self { below, above, tally });
            below = Some(above);
            tally.call_negative(group);
        }
        cuts
    }
}

/// What is asked of a threshold, and of how many cases.
struct Demand {
    point: OperatingPoint,
    positives: usize,
    negatives: usize,
}

impl Demand {
    /// The middle of the best cut or cuts; 0 where calling everything positive is as good.
    fn threshold(&self, cuts: &[Cut]) -> Threshold {
        let most = cuts.iter().map(|cut| self.value(&cut.tally)).max();
        let mut best = cuts.iter().filter(|cut| Some(self.value(&cut.tally)) == most);
        let first = best.next();
        let last = match self.point {
            OperatingPoint::BothReach { .. } => best.next_back().or(first),
            OperatingPoint::Youden | OperatingPoint::SensitiveAt { .. } => first,
        };
        match (first.and_then(|cut| cut.below), last) {
            (Some(below), Some(last)) => Threshold::between(below, last.above),
            _ => Probability::ZERO.into(),
        }
    }

    /// What the operating point is after, what is good enough first and then the more the better; in whole numbers, so that
    /// rounding breaks no tie.
    fn value(&self, tally: &Tally) -> (bool, u128, u128) {
        let sensitivity = tally.true_positives as u128 * self.negatives as u128;
        let specificity = tally.true_negatives as u128 * self.positives as u128;
        let enough = self.is_met_by(tally);
        match self.point {
            OperatingPoint::Youden => (enough, sensitivity + specificity, 0),
            OperatingPoint::BothReach { .. } if enough => (true, 0, 0),
            OperatingPoint::BothReach { .. } => (false, sensitivity.min(specificity), 0),
            OperatingPoint::SensitiveAt { .. } if enough => (true, sensitivity, specificity),
            OperatingPoint::SensitiveAt { .. } => (false, specificity, 0),
        }
    }

    fn is_met_by(&self, tally: &Tally) -> bool {
        self.check(tally).is_ok()
    }

    /// What is missing to what the operating point asks.
    fn check(&self, tally: &Tally) -> Result<()> {
        let sensitivity = Percent::new(self.sensitivity(tally) * 100.0)?;
        let specificity = Percent::new(self.specificity(tally) * 100.0)?;
        match self.point {
            OperatingPoint::SensitiveAt { specificity: asked } if specificity < asked => {
                Err(Error::SpecificityNotReached { asked, found: specificity })
            }
            OperatingPoint::BothReach { least: asked } if sensitivity < asked || specificity < asked => {
                Err(Error::BothNotReached { asked, sensitivity, specificity })
            }
            _ => Ok(()),
        }
    }

    fn sensitivity(&self, tally: &Tally) -> f64 {
        tally.true_positives as f64 / self.positives as f64
    }

    fn specificity(&self, tally: &Tally) -> f64 {
        tally.true_negatives as f64 / self.negatives as f64
    }
}
