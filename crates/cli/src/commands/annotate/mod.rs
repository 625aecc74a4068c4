mod advance;
mod new;
mod serve;
mod simulate;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use pulmo::annotation::{Project, Repair, Reviewer};
use serde_json::json;

use crate::console::Console;
use crate::exit::{Done, Failure, Outcome};

/// Make lung masks of your own X-rays, networks and people together
///
/// Without a subcommand, serves the review page of the project on this machine. `new`, `advance`, `status` and `export` make
/// a project, let the networks take their next steps, say how far it is, and write the data set.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = false, subcommand_precedence_over_arg = true)]
pub(crate) struct Annotate {
    /// Folder of the project
    #[arg(value_name = "PROJECT")]
    project: PathBuf,
    /// Record every decision under this name; without it the page asks, and steps of the networks are the operator's
    #[arg(long, value_name = "NAME", global = true)]
    reviewer: Option<Reviewer>,
    #[command(flatten)]
    serve: serve::Serve,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  pulmo annotate lungs new --images x-rays/ --seed-images seeds/images --seed-masks seeds/masks
  pulmo annotate lungs advance
  pulmo annotate lungs --reviewer Ada
  pulmo annotate lungs export masks/";

#[derive(Debug, Subcommand)]
enum Command {
    New(new::New),
    Advance(advance::Advance),
    /// Say how far the project is
    Status,
    /// Write the masks so far in the layout of COVID-QU-Ex, with their provenance
    Export {
        /// Folder to write into
        #[arg(value_name = "FOLDER")]
        out: PathBuf,
    },
    Simulate(Box<simulate::Simulate>),
}

impl Annotate {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        match &self.command {
            Some(Command::New(new)) => new.run(&self.project, &self.operator()?, console),
            Some(Command::Advance(advance)) => advance.run(self.open(console)?, &self.operator()?, console),
            Some(Command::Status) => status(&self.open(console)?, console),
            Some(Command::Export { out }) => export(&self.open(console)?, out, console),
            Some(Command::Simulate(simulate)) => simulate.run(&self.project, console),
            None => self.serve.run(self.open(console)?, self.reviewer.clone(), console),
        }
    }

    /// Under whose name a step of the networks is recorded.
    fn operator(&self) -> Result<Reviewer, Failure> {
        Ok(self.reviewer.clone().map_or_else(|| Reviewer::new("operator"), Ok)?)
    }

    fn open(&self, console: &Console) -> Result<Project, Failure> {
        let project = Project::open(&self.project)?;
        match project.repair() {
            Some(Repair::Cut { entry, bytes, kept }) => console.warning(format!(
                "{bytes} bytes of an unconfirmed entry {entry} were moved to {}",
                kept.display()
            )),
            Some(Repair::Ended { entry }) => {
                console.warning(format!("the end of entry {entry} was repaired"));
            }
            _ => {}
        }
        Ok(project)
    }
}

fn status(project: &Project, console: &Console) -> Outcome {
    let statistics = project.statistics();
    console.result(format!("{}\n", serde_json::to_string_pretty(&statistics)?), &statistics)?;
    let head = project.head();
    console.note(format!(
        "ledger: {} entries, last hash {}; kept elsewhere, it proves the ledger whole",
        head.entries, head.hash
    ));
    Ok(Done::All)
}

fn export(project: &Project, out: &Path, console: &Console) -> Outcome {
    let exported = project.export(out)?;
    for (split, images) in &exported.images {
        console.note(format!("{split}: {images} images"));
    }
    let images: Vec<_> = exported
        .images
        .iter()
        .map(|(split, images)| json!({ "split": split.to_string(), "images": images }))
        .collect();
    let value = json!({ "provenance": exported.provenance, "images": images });
    console.result(format!("{}\n", exported.provenance.display()), &value)?;
    Ok(Done::All)
}
