//! The command line as a whole.

use clap::{Args, CommandFactory, Parser, Subcommand};

#[cfg(feature = "remote-server")]
use crate::commands::serve;
use crate::commands::{
    analyze, annotate, backend_check, compile, completions, convert, cross_validate, evaluate, man, measure,
    networks, phantom, reproduce, severity, train, verify,
};
use crate::console::Console;
use crate::exit::Outcome;

/// Finds lungs and COVID-19 infection in chest X-rays, and trains and evaluates the networks that do so
#[derive(Debug, Parser)]
#[command(name = "pulmo", version, propagate_version = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  pulmo analyze x-ray.png --out results    Masks, overlay and report of one X-ray
  pulmo train --task lung --data COVID-QU-Ex --out models/lung
  pulmo analyze --help                     All options of a command, with examples

Exit codes: 0 done; 1 some inputs or the work failed; 2 wrong use; 130 stopped with Ctrl-C.";

/// What the program prints.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// Print only results and errors: no progress, no remarks
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Print the result as JSON, for other programs to read
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Analyze(analyze::Analyze),
    Train(Box<train::Train>),
    Evaluate(evaluate::Evaluate),
    CrossValidate(cross_validate::CrossValidate),
    Reproduce(reproduce::Reproduce),
    Severity(severity::Severity),
    Compile(compile::Compile),
    Annotate(annotate::Annotate),
    Convert(convert::Convert),
    Verify(verify::Verify),
    Networks(networks::Networks),
    Measure(measure::Measure),
    BackendCheck(backend_check::BackendCheck),
    Phantom(phantom::Phantom),
    #[cfg(feature = "remote-server")]
    Serve(serve::Serve),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Command {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        match self {
            Self::Analyze(command) => command.run(console),
            Self::Train(command) => command.run(console),
            Self::Evaluate(command) => command.run(console),
            Self::CrossValidate(command) => command.run(console),
            Self::Reproduce(command) => command.run(console),
            Self::Severity(command) => command.run(console),
            Self::Compile(command) => command.run(console),
            Self::Annotate(command) => command.run(console),
            Self::Convert(command) => command.run(console),
            Self::Verify(command) => command.run(console),
            Self::Networks(command) => command.run(console),
            Self::Measure(command) => command.run(console),
            Self::BackendCheck(command) => command.run(console),
            Self::Phantom(command) => command.run(console),
            #[cfg(feature = "remote-server")]
            Self::Serve(command) => command.run(console),
            Self::Completions(command) => command.run(console),
            Self::Man(command) => command.run(console),
        }
    }
}

/// The command line for what describes it, such as completions and manual pages.
pub(crate) fn description() -> clap::Command {
    Cli::command()
}
