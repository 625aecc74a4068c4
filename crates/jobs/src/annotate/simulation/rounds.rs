//! What became of the masks, round by round.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use pulmo_annotation::{CandidateScore, Digest, Picks, Project, Queue};
use pulmo_core::files;
use pulmo_imaging::Mask;
use serde::Serialize;

use super::plot;
use super::reviewer::Simulated;
use crate::Result;

/// File name of the table.
pub(super) const TABLE: &str = "rounds.csv";
/// File name of the plot.
pub(super) const PLOT: &str = "rounds.svg";

/// A mean that grows; serialised as its value.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize)]
#[serde(into = "Option<f64>")]
pub struct Mean {
    sum: f64,
    count: usize,
}

impl From<Mean> for Option<f64> {
    fn from(mean: Mean) -> Self {
        mean.value()
    }
}

impl Mean {
    fn push(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    /// The mean; `None` where there is nothing.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }

    fn share(self) -> String {
        self.value().map(|value| format!("{value:.4}")).unwrap_or_default()
    }

    fn percent(self) -> String {
        self.value().map_or_else(|| "-".to_owned(), |value| format!("{:.2} %", 100.0 * value))
    }
}

/// A round of review against the true masks; DSC in [0, 1].
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SimulatedRound {
    /// Stage and batch.
    pub name: String,
    /// Images in it.
    pub images: usize,
    /// Images whose mask a person drew, or whose proposals were all denied.
    pub corrected: usize,
    /// DSC of all proposals that were shown.
    pub proposed: Mean,
    /// DSC of the masks that were taken as proposed.
    pub taken: Mean,
    /// DSC of the masks that came out.
    pub made: Mean,
}

impl SimulatedRound {
    /// Share of the images that needed a person's hand.
    #[must_use]
    pub fn corrected_share(&self) -> f64 {
        self.corrected as f64 / self.images.max(1) as f64
    }
}

/// What all rounds so far have made; its `Display` is a table as Markdown.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Simulation {
    /// The rounds, oldest first.
    pub rounds: Vec<SimulatedRound>,
    /// DSC of all masks as they stand.
    pub all: Mean,
    /// Their number.
    pub masks: usize,
    /// How often each network of the panel was picked.
    pub picks: Vec<Picks>,
    /// DSC of the candidates on held-out seeds.
    pub candidates: Vec<CandidateScore>,
}

impl Simulation {
    /// Writes the table and the plot into `folder`.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        files::write(&folder.join(TABLE), self.csv().as_bytes())?;
        Ok(files::write(&folder.join(PLOT), plot::draw(&self.rounds).as_bytes())?)
    }

    fn csv(&self) -> String {
        let mut table = "round,images,corrected,corrected_share,dsc_proposed,dsc_taken,dsc_made\n".to_owned();
        for round in &self.rounds {
            let SimulatedRound { name, images, corrected, proposed, taken, made } = round;
            let [proposed, taken, made] = [proposed, taken, made].map(|mean| mean.share());
            let share = round.corrected_share();
            table += &format!("{name},{images},{corrected},{share:.4},{proposed},{taken},{made}\n");
        }
        table + &format!("all masks as they stand,{},,,,,{}\n", self.masks, self.all.share())
    }
}

impl fmt::Display for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "| round | images | corrected or denied | DSC proposed | DSC taken as proposed | DSC of the masks made |\n\
             |---|---|---|---|---|---|\n",
        )?;
        for round in &self.rounds {
            writeln!(
                f,
                "| {} | {} | {:.1} % | {} | {} | {} |",
                round.name,
                round.images,
                100.0 * round.corrected_share(),
                round.proposed.percent(),
                round.taken.percent(),
                round.made.percent()
            )?;
        }
        write!(f, "| all masks as they stand | {} | | | | {} |", self.masks, self.all.percent())?;
        if !self.picks.is_empty() || !self.candidates.is_empty() {
            f.write_str("\n")?;
        }
        for Picks { network, picks } in &self.picks {
            write!(f, "\n{network} was picked {picks} times.")?;
        }
        for CandidateScore { network, dsc } in &self.candidates {
            write!(f, "\n{network} had DSC {:.2} % on held-out seeds.", 100.0 * dsc)?;
        }
        Ok(())
    }
}

/// Measures all rounds so far.
pub(super) fn measure(project: &Project, reviewer: &Simulated) -> Result<Simulation> {
    let mut rounds: BTreeMap<(bool, u32, Queue), SimulatedRound> = BTreeMap::new();
    let mut all = Mean::default();
    let dsc = |digest: Digest, truth: &Mask| -> Result<f64> { Ok(project.masks().get(digest)?.dice(truth)?) };
    for (image, history) in project.images().iter().zip(project.state().images()) {
        if history.assignments().is_empty() {
            continue;
        }
        let truth = reviewer.truth(&image.id)?;
        if let Some((mask, _)) = history.mask() {
            all.push(dsc(mask, &truth)?);
        }
        let mut denied = false;
        for assignment in history.assignments() {
            let Some(last) = assignment.decisions().last() else { continue };
            let (queue, iteration) = (assignment.queue(), assignment.iteration());
            // Stage III lies before the batches of what it denied, Stage IV after all.
            let round = rounds.entry((queue == Queue::Verification, iteration, queue)).or_default();
            round.name = match queue {
                Queue::Panel => "Stage III".to_owned(),
                Queue::Verification => "Stage IV".to_owned(),
                _ if denied => format!("Stage II denied {iteration}"),
                _ => format!("Stage II batch {iteration}"),
            };
            let judgement = last.decided.judgement;
            denied = judgement.word() == "deny";
            round.images += 1;
            round.corrected += usize::from(judgement.is_correction() || denied);
            for &mask in assignment.masks() {
                round.proposed.push(dsc(mask, &truth)?);
            }
            if let Some(mask) = last.decided.mask {
                let dsc = dsc(mask, &truth)?;
                round.made.push(dsc);
                if !judgement.is_correction() {
                    round.taken.push(dsc);
                }
            }
        }
    }
    Ok(Simulation {
        rounds: rounds.into_values().collect(),
        all,
        masks: all.count,
        picks: project.statistics().picks,
        candidates: project.state().candidates().to_vec(),
    })
}
