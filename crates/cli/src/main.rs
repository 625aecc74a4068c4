//! The program `pulmo`: everything that the library does, from the command line.
//!
//! Each subcommand is a module of [`commands`], which turns options into calls of the library and results into text or
//! JSON. What all of them share is here: the [`Console`](console::Console) that they print through, [`options`] that
//! several of them have, how work is stopped, and what the program's exit code says.

mod cli;
mod commands;
mod console;
mod exit;
mod interrupt;
mod options;
mod progress;

use std::process::ExitCode;

use clap::Parser;

use cli::Cli;
use console::Console;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let console = Console::new(&cli.output);
    interrupt::install(&console);
    let result = cli.command.run(&console);
    exit::code(result, &console)
}
