//! What became of the masks, round by round.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use pulmo::annotation::{Digest, Project, Queue};
use pulmo::imaging::{Mask, write_atomically};

use crate::plot;
use crate::reviewer::Simulated;

pub(crate) const TABLE: &str = "rounds.csv";
pub(crate) const PLOT: &str = "rounds.svg";

/// A mean that grows.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Mean {
    sum: f64,
    count: usize,
}

impl Mean {
    fn push(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    /// `None` where there is nothing.
    pub(crate) fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

/// A round of review against the true masks; DSC in [0, 1].
#[derive(Debug, Default)]
pub(crate) struct Round {
    pub(crate) name: String,
    /// Images in it.
    pub(crate) images: usize,
    /// Images whose mask a person drew, or whose proposals were all denied.
    corrected: usize,
    /// DSC of all proposals that were shown.
    pub(crate) proposed: Mean,
    /// DSC of the masks that were taken as proposed.
    taken: Mean,
    /// DSC of the masks that came out.
    pub(crate) made: Mean,
}

impl Round {
    /// Share of the images that needed a person's hand.
    pub(crate) fn corrected_share(&self) -> f64 {
        self.corrected as f64 / self.images.max(1) as f64
    }
}

/// What all rounds so far have made.
pub(crate) struct Results {
    pub(crate) rounds: Vec<Round>,
    /// DSC of all masks as they stand.
    all: Mean,
}

/// Measures all rounds so far, writes the table and the plot.
pub(crate) fn write(
    folder: &Path,
    project: &Project,
    reviewer: &Simulated,
) -> Result<Results, Box<dyn Error>> {
    let results = measure(project, reviewer)?;
    let figure = |mean: Mean| mean.value().map(|value| format!("{value:.4}")).unwrap_or_default();
    let mut table = "round,images,corrected,corrected_share,dsc_proposed,dsc_taken,dsc_made\n".to_owned();
    for round in &results.rounds {
        let Round { name, images, corrected, .. } = round;
        let (share, proposed) = (round.corrected_share(), figure(round.proposed));
        let (taken, made) = (figure(round.taken), figure(round.made));
        writeln!(table, "{name},{images},{corrected},{share:.4},{proposed},{taken},{made}")?;
    }
    writeln!(table, "all masks as they stand,{},,,,,{}", results.all.count, figure(results.all))?;
    write_atomically(&folder.join(TABLE), table.as_bytes())?;
    write_atomically(&folder.join(PLOT), plot::draw(&results.rounds).as_bytes())?;
    Ok(results)
}

fn measure(project: &Project, reviewer: &Simulated) -> Result<Results, Box<dyn Error>> {
    let mut rounds: BTreeMap<(bool, u32, Queue), Round> = BTreeMap::new();
    let mut all = Mean::default();
    let dsc = |digest: Digest, truth: &Mask| -> Result<f64, Box<dyn Error>> {
        Ok(project.masks().get(digest)?.dice(truth)?)
    };
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
            // Stage III lies before the batches of what it denied, Stage IV behind all.
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
    Ok(Results { rounds: rounds.into_values().collect(), all })
}

/// The figures as a table for the documentation.
pub(crate) fn markdown(results: &Results, project: &Project) -> String {
    let percent =
        |mean: Mean| mean.value().map_or_else(|| "-".to_owned(), |value| format!("{:.2} %", 100.0 * value));
    let mut text = "| round | images | corrected or denied | DSC proposed | DSC taken as proposed | DSC of the masks made |\n\
                    |---|---|---|---|---|---|\n"
        .to_owned();
    for round in &results.rounds {
        text += &format!(
            "| {} | {} | {:.1} % | {} | {} | {} |\n",
            round.name,
            round.images,
            100.0 * round.corrected_share(),
            percent(round.proposed),
            percent(round.taken),
            percent(round.made)
        );
    }
    text +=
        &format!("| all masks as they stand | {} | | | | {} |\n", results.all.count, percent(results.all));
    for picks in project.statistics().picks {
        text += &format!("\n{} was picked {} times.", picks.network, picks.picks);
    }
    for candidate in project.state().candidates() {
        text += &format!("\n{} had DSC {:.2} % on held-out seeds.", candidate.network, 100.0 * candidate.dsc);
    }
    text
}
