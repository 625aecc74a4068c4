use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use pulmo::compile::{ClassWords, Compiler, Options, Progress, Source, Summary, Thresholds};
use serde_json::json;

use crate::console::Console;
use crate::exit::{Done, Failure, ForOption, Outcome};

/// Make one clean data set of chest X-rays from folders, CSV manifests and DICOM files
///
/// Unreadable files and duplicates are left out, unusual images are flagged for review, and every X-ray gets a class and a
/// split. The data set's page says what became of every file. A run that was stopped goes on where it was.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Compile {
    /// Folders of X-rays or CSV manifests, each as PATH or NAME=PATH; the name becomes part of file names
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<Source>,
    /// Folder to write the data set, its tables and its page into
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Class of those X-rays of a source that get none from a folder's name or a manifest
    #[arg(long = "class", value_name = "NAME=CLASS", value_parser = pair)]
    classes: Vec<(String, String)>,
    /// What a word in your folders or manifests means, for example tb=Non-COVID
    #[arg(long = "alias", value_name = "WORD=CLASS", value_parser = pair)]
    aliases: Vec<(String, String)>,
    /// Side of the images to write, in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = Options::default().size)]
    size: u32,
    /// Share of the X-rays without a stated split that goes to Test
    #[arg(long, value_name = "SHARE", default_value_t = Options::default().test)]
    test: f64,
    /// Share of the X-rays without a stated split that goes to Val
    #[arg(long, value_name = "SHARE", default_value_t = Options::default().val)]
    val: f64,
    /// Correlation at 48 x 48 pixels from which two images are compared closely
    #[arg(long, value_name = "CORRELATION", default_value_t = Options::default().similar)]
    similar: f32,
    /// Correlation at full size from which two such images are duplicates
    #[arg(long, value_name = "CORRELATION", default_value_t = Options::default().duplicate)]
    duplicate: f64,
    /// Flag images with a larger share of near-white pixels
    #[arg(long, value_name = "SHARE", default_value_t = Thresholds::default().near_white)]
    near_white: f64,
    /// Flag images with a larger share of near-black pixels
    #[arg(long, value_name = "SHARE", default_value_t = Thresholds::default().near_black)]
    near_black: f64,
    /// Flag images with fewer pixels on their shorter side
    #[arg(long, value_name = "PIXELS", default_value_t = Thresholds::default().shorter_side)]
    shorter_side: u32,
    /// Flag images with a lower signal-to-noise ratio
    #[arg(long, value_name = "RATIO", default_value_t = Thresholds::default().snr)]
    snr: f64,
}

const EXAMPLES: &str = "\
Examples:
  pulmo compile x-rays/ --out my-set
  pulmo compile hospital=x-rays/ list.csv scanner=dicom/ --class scanner=Normal --out my-set";

fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) = text.split_once('=').ok_or("write it with '=' between its parts")?;
    Ok((left.to_owned(), right.to_owned()))
}

impl Compile {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let compiler = self.compiler()?;
        let progress = console.progress("reading", 0);
        let summary = compiler.run(&|at| match at {
            Progress::Reading { done, total } => progress.show("reading", done, total, ""),
            Progress::Comparing => progress.show("comparing", 0, 0, ""),
            _ => progress.show("writing", 0, 0, ""),
        })?;
        drop(progress);
        let mut text = format!("{summary}\n");
        if summary.unconfirmed() > 0 {
            text += &format!(
                "{} images wait for a decision; write keep, drop or a class into {} and run again\n",
                summary.unconfirmed(),
                compiler.review().display()
            );
        }
        text += &format!("{}\n", compiler.page().display());
        console.result(text, &for_programs(&summary, &compiler))?;
        Ok(Done::All)
    }

    fn compiler(&self) -> Result<Compiler, Failure> {
        let mut words = ClassWords::default();
        for (word, class) in &self.aliases {
            words = words.clone().with(word, words.expect(class).for_option("--alias")?);
        }
        let mut sources = self.sources.clone();
        for (name, class) in &self.classes {
            let source = sources.iter_mut().find(|source| source.name() == name);
            let source =
                source.ok_or_else(|| format!("no source is called '{name}'")).for_option("--class")?;
            *source = source.clone().with_class(words.expect(class).for_option("--class")?);
        }
        let compiler =
            Compiler::new(sources, self.out.clone(), self.options()).map_err(Failure::wrong_use)?;
        Ok(compiler.with_words(words))
    }

    fn options(&self) -> Options {
        Options {
            size: self.size,
            thresholds: Thresholds {
                near_white: self.near_white,
                near_black: self.near_black,
                shorter_side: self.shorter_side,
                snr: self.snr,
                ..Thresholds::default()
            },
            similar: self.similar,
            duplicate: self.duplicate,
            test: self.test,
            val: self.val,
        }
    }
}

fn for_programs(summary: &Summary, compiler: &Compiler) -> serde_json::Value {
    json!({
        "files": summary.files(),
        "kept": summary.kept().total(),
        "left_out": summary.reasons().collect::<BTreeMap<_, _>>(),
        "flagged": summary.flags().collect::<BTreeMap<_, _>>(),
        "duplicate_groups": summary.duplicate_groups(),
        "similar_pairs": summary.similar_pairs(),
        "unconfirmed": summary.unconfirmed(),
        "lung_masks": summary.lung_masks(),
        "infection_masks": summary.infection_masks(),
        "review": compiler.review(),
        "page": compiler.page(),
    })
}
