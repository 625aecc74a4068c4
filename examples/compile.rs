//! Compiles one clean data set of chest X-rays from folders, CSV manifests and DICOM files.
//!
//! `cargo run --release --example compile -- <source>... --out <folder>`

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use pulmo::compile::{ClassWords, Compiler, Options, Progress, Source, Summary, Thresholds};

#[derive(Parser)]
#[command(about, long_about = None)]
struct Arguments {
    /// Folders of X-rays or CSV manifests, each as PATH or NAME=PATH; a name becomes part of file names
    #[arg(required = true)]
    sources: Vec<Source>,
    /// Folder to write the data set, its tables and its page into
    #[arg(long)]
    out: PathBuf,
    /// Class of a source's X-rays that neither a folder nor a manifest gives one, as NAME=CLASS
    #[arg(long = "class", value_name = "NAME=CLASS", value_parser = pair)]
    classes: Vec<(String, String)>,
    /// What a word of your folders or manifests means, as WORD=CLASS, say tb=Non-COVID
    #[arg(long = "alias", value_name = "WORD=CLASS", value_parser = pair)]
    aliases: Vec<(String, String)>,
    /// Side of the images written, in pixels
    #[arg(long, default_value_t = Options::default().size)]
    size: u32,
    /// Share of X-rays without a stated split that goes to Test
    #[arg(long, default_value_t = Options::default().test)]
    test: f64,
    /// Share of X-rays without a stated split that goes to Val
    #[arg(long, default_value_t = Options::default().val)]
    val: f64,
    /// Correlation at 48 x 48 pixels from which two images are compared closely
    #[arg(long, default_value_t = Options::default().similar)]
    similar: f32,
    /// Correlation at full size from which two such images are duplicates
    #[arg(long, default_value_t = Options::default().duplicate)]
    duplicate: f64,
    /// Flag images with a larger share of near-white pixels
    #[arg(long, default_value_t = Thresholds::default().near_white)]
    near_white: f64,
    /// Flag images with a larger share of near-black pixels
    #[arg(long, default_value_t = Thresholds::default().near_black)]
    near_black: f64,
    /// Flag images with fewer pixels on their shorter side
    #[arg(long, default_value_t = Thresholds::default().shorter_side)]
    shorter_side: u32,
    /// Flag images with a lower signal-to-noise ratio
    #[arg(long, default_value_t = Thresholds::default().snr)]
    snr: f64,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) = text.split_once('=').ok_or("write it with '=' between its parts")?;
    Ok((left.to_owned(), right.to_owned()))
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let options = Options {
        size: arguments.size,
        thresholds: Thresholds {
            near_white: arguments.near_white,
            near_black: arguments.near_black,
            shorter_side: arguments.shorter_side,
            snr: arguments.snr,
            ..Thresholds::default()
        },
        similar: arguments.similar,
        duplicate: arguments.duplicate,
        test: arguments.test,
        val: arguments.val,
    };
    let mut words = ClassWords::default();
    for (word, class) in &arguments.aliases {
        words = words.clone().with(word, words.expect(class)?);
    }
    let mut sources = arguments.sources;
    for (name, class) in &arguments.classes {
        let source = sources.iter_mut().find(|source| source.name() == name);
        let source = source.ok_or_else(|| format!("--class: no source is called '{name}'"))?;
        *source = source.clone().with_class(words.expect(class)?);
    }
    let compiler = Compiler::new(sources, arguments.out, options)?.with_words(words);
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{msg} {bar:32} {pos}/{len} {elapsed}<{eta}")?);
    let summary = compiler.run(&|progress| match progress {
        Progress::Reading { done, total } => {
            bar.set_message("reading");
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
        Progress::Comparing => bar.set_message("comparing"),
        _ => bar.set_message("writing"),
    })?;
    bar.finish_and_clear();
    report(&summary, &compiler);
    Ok(())
}

fn report(summary: &Summary, compiler: &Compiler) {
    println!("{} of {} files are in the set", summary.kept().total(), summary.files());
    println!("{}", summary.kept());
    for (reason, number) in summary.reasons() {
        println!("left out, {reason}: {number}");
    }
    println!(
        "{} groups of duplicates, {} pairs of similar images",
        summary.duplicate_groups(),
        summary.similar_pairs()
    );
    if summary.unconfirmed() > 0 {
        println!(
            "{} images wait for a decision; write keep, drop or a class into {} and run again",
            summary.unconfirmed(),
            compiler.review().display()
        );
    }
    println!("{}", compiler.page().display());
}
