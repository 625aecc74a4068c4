//! Progress, agreement, picks and time, at any moment.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::decision::Queue;
use crate::state::{History, Phase, Place, Standing, State};

/// How far a project is, and how well people and networks agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statistics {
    /// The phase's title.
    pub phase: &'static str,
    /// Number of images.
    pub images: usize,
    /// Images that have a mask, verified ones included.
    pub masked: usize,
    /// Images whose mask Stage IV has verified.
    pub verified: usize,
    /// Images that left the set.
    pub excluded: usize,
    /// Images of which every proposal was denied and that are in no batch yet.
    pub denied: usize,
    /// Images that no network has proposed for.
    pub untouched: usize,
    /// Images that wait for a person, per queue.
    pub waiting: BTreeMap<Queue, usize>,
    /// Decisions that were taken back.
    pub undone: usize,
    /// Rounds of review, oldest first: batches, Stage III, Stage IV.
    pub rounds: Vec<Round>,
    /// Picks per network of the panel.
    pub picks: Vec<Picks>,
    /// Decisions and time per reviewer.
    pub reviewers: BTreeMap<String, ReviewerFigures>,
}

/// A round of review.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Round {
    /// `II`, `III` or `IV`.
    pub stage: &'static str,
    /// Number of the batch, in Stages III and IV that of the last one before.
    pub iteration: u32,
    /// Images in it.
    pub images: usize,
    /// Decisions by word: accept, reject, unsure, exclude, adjust, pick, deny, confirm, correct.
    pub decisions: BTreeMap<&'static str, usize>,
    /// Of the images that got a mask, the share whose proposal was taken as it was, in [0, 1].
    pub agreement: Option<f64>,
    /// Of the images decided for good, the share whose mask a person had to correct, or whose proposals were all
    /// denied, in [0, 1].
    pub corrected: Option<f64>,
    /// Mean DSC of the masks with what was proposed, in [0, 1].
    pub dsc: Option<f64>,
    /// Mean time per decision in seconds.
    pub mean_seconds: Option<f64>,
    /// Median time per decision in seconds.
    pub median_seconds: Option<f64>,
}

/// How often a network of the panel was picked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picks {
    /// The network.
    pub network: String,
    /// How often.
    pub picks: usize,
}

/// A reviewer's work.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ReviewerFigures {
    /// Decisions that stand.
    pub decisions: usize,
    /// Time spent on them in seconds.
    pub seconds: f64,
}

impl Statistics {
    pub(crate) fn of(state: &State) -> Self {
        let count = |place| state.at(place).count();
        let mut reviewers: BTreeMap<String, ReviewerFigures> = BTreeMap::new();
        for standing in state.images().iter().flat_map(History::decisions) {
            let figures = reviewers.entry(standing.by.to_string()).or_default();
            figures.decisions += 1;
            figures.seconds += standing.decided.seconds;
        }
        let picks = state.panel().iter().zip(state.picks());
        Self {
            phase: match state.phase() {
                Phase::Batches | Phase::Denied if state.awaits_sample() => Phase::Verification.title(),
                phase => phase.title(),
            },
            images: state.images().len(),
            masked: state.images().iter().filter(|image| image.mask().is_some()).count(),
            verified: count(Place::Verified),
            excluded: count(Place::Excluded),
            denied: count(Place::Denied),
            untouched: count(Place::Waiting),
            waiting: Queue::ALL.into_iter().map(|queue| (queue, state.waiting_in(queue))).collect(),
            undone: state.undone(),
            rounds: rounds(state.images()),
            picks: picks.map(|(name, picks)| Picks { network: name.to_string(), picks }).collect(),
            reviewers,
        }
    }
}

/// The decisions of a round, by image.
#[derive(Default)]
struct Collected<'a> {
    images: usize,
    decisions: Vec<&'a Standing>,
    last: Vec<&'a Standing>,
}

fn rounds(images: &[History]) -> Vec<Round> {
    // A batch's number orders it among batches; Stage III lies before the batches of what it denied.
    let mut rounds: Vec<((Queue, u32), Collected<'_>)> = Vec::new();
    for assignment in images.iter().flat_map(|image| &image.assignments) {
        let key = (assignment.queue, assignment.iteration);
        let at = rounds.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
            rounds.push((key, Collected::default()));
            rounds.len() - 1
        });
        let Some((_, round)) = rounds.get_mut(at) else { continue };
        round.images += 1;
        round.decisions.extend(&assignment.decisions);
        round.last.extend(assignment.decisions.last());
    }
    rounds.sort_by_key(|((queue, iteration), _)| (*queue == Queue::Verification, *iteration, *queue));
    rounds.into_iter().map(|((queue, iteration), collected)| round(queue, iteration, &collected)).collect()
}

fn round(queue: Queue, iteration: u32, collected: &Collected<'_>) -> Round {
    let mut decisions = BTreeMap::new();
    for standing in &collected.decisions {
        *decisions.entry(standing.decided.judgement.word()).or_insert(0) += 1;
    }
    let final_word = |standing: &&&Standing| standing.decided.judgement.word();
    let number = |words: &[&str]| collected.last.iter().filter(|s| words.contains(&final_word(s))).count();
    let taken = number(&["accept", "pick", "confirm"]);
    let corrected = number(&["reject", "adjust", "correct"]);
    let settled = taken + corrected + number(&["exclude", "deny"]);
    let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    let dsc: Vec<f64> = collected.last.iter().filter_map(|standing| standing.decided.dsc).collect();
    let mut seconds: Vec<f64> = collected.decisions.iter().map(|standing| standing.decided.seconds).collect();
    seconds.sort_by(f64::total_cmp);
    Round {
        stage: queue.stage(),
        iteration,
        images: collected.images,
        agreement: share(taken, taken + corrected),
        corrected: share(corrected + number(&["deny"]), settled),
        dsc: mean(&dsc),
        mean_seconds: mean(&seconds),
        median_seconds: seconds.get(seconds.len() / 2).copied(),
        decisions,
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
