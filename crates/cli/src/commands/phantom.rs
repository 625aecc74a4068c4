use std::path::PathBuf;

use clap::Args;
use pulmo::imaging::{Phantom as Drawn, PhantomInfection, PhantomSpec};
use serde::Serialize;

use crate::console::Console;
use crate::exit::{Done, Failure, ForOption, Outcome};

/// Draw synthetic chest X-rays, to try pulmo without patients
///
/// Lungs and infection of such a phantom are known exactly; --masks writes them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Phantom {
    /// Folder to write the X-rays into
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Folder to write the exact lung and infection masks into
    #[arg(long, value_name = "FOLDER")]
    masks: Option<PathBuf>,
    /// How many to draw
    #[arg(long, default_value_t = 3)]
    count: u64,
    /// Side of the pictures in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 512)]
    size: u32,
    /// Seed of the first phantom; the next ones have the seeds after it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Share of the lungs that is infected, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.3)]
    infected: f32,
}

const EXAMPLES: &str = "\
Examples:
  pulmo phantom --out phantoms
  pulmo phantom --out phantoms --masks masks --count 10 --infected 0.5";

/// One phantom's files.
#[derive(Debug, Serialize)]
struct Files {
    image: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    lung: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    infection: Option<PathBuf>,
}

impl Phantom {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let specs = (self.seed..self.seed.saturating_add(self.count)).map(|seed| self.spec(seed));
        let specs = specs.collect::<Result<Vec<_>, _>>()?;
        for folder in self.masks.iter().chain([&self.out]) {
            std::fs::create_dir_all(folder)
                .map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
        }
        let progress = console.progress("drawing", specs.len());
        let mut drawn = Vec::with_capacity(specs.len());
        for (seed, spec) in (self.seed..).zip(&specs) {
            drawn.push(self.draw(seed, spec)?);
            progress.step();
        }
        drop(progress);
        let text: String = drawn.iter().map(|files| format!("{}\n", files.image.display())).collect();
        console.result(text, &drawn)?;
        Ok(Done::All)
    }

    fn spec(&self, seed: u64) -> Result<PhantomSpec, Failure> {
        let infection = match self.infected {
            0.0 => PhantomInfection::None,
            fraction_hint => PhantomInfection::Patchy { fraction_hint },
        };
        PhantomSpec::new(self.size, seed)
            .for_option("--size")?
            .with_infection(infection)
            .for_option("--infected")
    }

    fn draw(&self, seed: u64, spec: &PhantomSpec) -> Result<Files, Failure> {
        let phantom = Drawn::generate(spec)?;
        let image = self.out.join(format!("phantom-{seed}.png"));
        phantom.xray().save_png(&image)?;
        let mask = |part: &str| Some(self.masks.as_ref()?.join(format!("phantom-{seed}-{part}.png")));
        let (lung, infection) = (mask("lung"), mask("infection"));
        if let Some(file) = &lung {
            phantom.lungs().both().as_mask().save_png(file)?;
        }
        if let Some(file) = &infection {
            phantom.infection().as_mask().save_png(file)?;
        }
        Ok(Files { image, lung, infection })
    }
}
