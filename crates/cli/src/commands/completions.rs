use clap::Args;
use clap_complete::Shell;

use crate::cli;
use crate::console::Console;
use crate::exit::{Done, Outcome};

/// Print a script that lets your shell complete commands and options of pulmo
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// Your shell
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  pulmo completions bash > ~/.local/share/bash-completion/completions/pulmo
  pulmo completions zsh > ~/.zfunc/_pulmo
  pulmo completions fish > ~/.config/fish/completions/pulmo.fish";

impl Completions {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut cli::description(), "pulmo", &mut script);
        console.out(&String::from_utf8_lossy(&script));
        Ok(Done::All)
    }
}
