//! `annotate <project> advance`.

use std::error::Error;
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use pulmo::annotation::{MaskFolders, NetworkName, Progress, Project, Proposer, Reviewer, Step};
use pulmo::kernels::keep_freed_memory;

use crate::proposer::{Networks, TrainingOptions};

#[derive(Args)]
pub(crate) struct Advance {
    /// Take a network's proposals from a folder of masks instead of training it: NAME=FOLDER, for every network
    #[arg(long, value_parser = named_folder)]
    masks: Vec<(NetworkName, PathBuf)>,
    #[command(flatten)]
    training: TrainingOptions,
}

fn named_folder(text: &str) -> Result<(NetworkName, PathBuf), String> {
    let (name, folder) = text.split_once('=').ok_or("it has to be NAME=FOLDER")?;
    Ok((name.parse().map_err(|error| format!("{error}"))?, PathBuf::from(folder)))
}

pub(crate) fn run(mut project: Project, advance: &Advance, by: &Reviewer) -> Result<(), Box<dyn Error>> {
    if advance.masks.is_empty() {
        keep_freed_memory();
        let mut networks = Networks::new(project.folder().join("networks"), advance.training.clone())?;
        let spec = project.config().spec();
        networks.check(spec.candidates.iter().chain(&spec.panel))?;
        advance_with(&mut project, &mut networks, by)
    } else {
        advance_with(&mut project, &mut MaskFolders::new(advance.masks.clone())?, by)
    }
}

/// Steps until people are needed or nothing is left.
fn advance_with<P: Proposer>(
    project: &mut Project,
    proposer: &mut P,
    by: &Reviewer,
) -> Result<(), Box<dyn Error>> {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{prefix} {bar:32} {pos}/{len} {elapsed}<{eta}")?);
    loop {
        let step = project.advance(by, proposer, &mut |progress| show(&bar, progress));
        bar.finish_and_clear();
        bar.reset();
        let said = match step? {
            Step::NetworkChosen => {
                for candidate in project.state().candidates() {
                    eprintln!("{}: DSC {:.4} on held-out seeds", candidate.network, candidate.dsc);
                }
                let chosen = project.state().segmenter().map(ToString::to_string).unwrap_or_default();
                format!("Stage I: {chosen} is the segmentation network")
            }
            Step::BatchProposed(batch) => format!("Stage II: batch {batch} waits for review"),
            Step::Retrained(batch) => format!("Stage II: the network has learned from batch {batch}"),
            Step::PanelOpened => "Stage III: the panel is trained".to_owned(),
            Step::PanelProposed(images) => format!("Stage III: {images} images wait for a pick"),
            Step::PanelClosed => {
                let winner = project.state().segmenter().map(ToString::to_string).unwrap_or_default();
                format!("Stage III: {winner} was picked most often")
            }
            Step::SampleDrawn(images) => format!("Stage IV: {images} masks wait to be verified"),
            Step::Completed => "Stage IV: the test set is verified".to_owned(),
            Step::Waiting(images) => {
                println!(
                    "{images} images wait for people; run `annotate` to review them, then `advance` again"
                );
                return Ok(());
            }
            Step::Finished => {
                println!("the project is complete; `export` writes the data set");
                return Ok(());
            }
        };
        eprintln!("{said}");
    }
}

fn show(bar: &ProgressBar, Progress { work, done, total }: Progress<'_>) {
    bar.set_prefix(work.to_string());
    bar.set_length(total as u64);
    bar.set_position(done as u64);
}
