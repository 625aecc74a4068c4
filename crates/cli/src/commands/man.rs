use std::path::PathBuf;

use clap::Args;

use crate::cli;
use crate::console::Console;
use crate::exit::{Done, Outcome};

/// Write manual pages, one for each command
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Man {
    /// Folder to write the pages into
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

const EXAMPLES: &str = "\
Example:
  pulmo man --out ~/.local/share/man/man1    `man pulmo-analyze` then shows the page of that command";

impl Man {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let out = &self.out;
        std::fs::create_dir_all(out)
            .and_then(|()| clap_mangen::generate_to(cli::description(), out))
            .map_err(|error| format!("cannot write manual pages into {}: {error}", out.display()))?;
        console.result(format!("{}\n", out.join("pulmo.1").display()), &serde_json::json!({ "out": out }))?;
        Ok(Done::All)
    }
}
