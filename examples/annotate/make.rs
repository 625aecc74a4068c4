//! `annotate <project> new`.

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::ProgressBar;
use pulmo::annotation::{
    ImageId, NetworkName, NewImage, Project, ProjectConfig, ProjectSpec, Reviewer, Selection,
};
use pulmo::data::{Class, CovidQuEx};
use pulmo::pipeline::collect_inputs;

use crate::proposer::seeds;

#[derive(Args)]
pub(crate) struct New {
    /// X-rays to make masks of: files, folders, or a folder in the layout of COVID-QU-Ex, whose classes are kept
    #[arg(long, required = true)]
    images: Vec<PathBuf>,
    /// Class of images that no folder names: COVID-19, Non-COVID or Normal
    #[arg(long, default_value_t = Class::Normal)]
    class: Class,
    /// Folder of X-rays whose masks are known
    #[arg(long)]
    seed_images: PathBuf,
    /// Folder of their masks, PNG under the same names
    #[arg(long)]
    seed_masks: PathBuf,
    /// Name of the project
    #[arg(long, default_value = "lung masks")]
    name: String,
    /// Stage I: networks to choose from
    #[arg(long, value_delimiter = ',', default_value = "unet-resnet18,unet-resnet34,unet-densenet121")]
    candidates: Vec<NetworkName>,
    /// Stage III: three to six networks that propose together
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "unet-resnet18,unet-densenet121,unetplusplus-resnet18,unetplusplus-densenet121,fpn-resnet18,fpn-densenet121"
    )]
    panel: Vec<NetworkName>,
    /// Stage II: images in a batch
    #[arg(long, default_value_t = 500)]
    batch_size: usize,
    /// Stage II: share of the images that is annotated in batches
    #[arg(long, default_value_t = 0.1)]
    batch_share: f64,
    /// Stage II: random, or disagreement between the candidates
    #[arg(long, default_value_t)]
    selection: Selection,
    /// Stage IV: share of the masks that is verified and becomes the test set
    #[arg(long, default_value_t = 0.2)]
    verification_share: f64,
    /// Seed of every random choice
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Names of the doctors, who alone decide the doctor's queue and Stage IV; everybody may where none is named
    #[arg(long)]
    doctor: Vec<Reviewer>,
}

pub(crate) fn run(folder: &Path, new: &New, by: &Reviewer) -> Result<(), Box<dyn Error>> {
    let mut spec = ProjectSpec::new(&new.name, new.candidates.clone(), new.panel.clone());
    spec.batch_size = new.batch_size;
    spec.batch_share = new.batch_share;
    spec.selection = new.selection;
    spec.verification_share = new.verification_share;
    spec.seed = new.seed;
    spec.doctors.clone_from(&new.doctor);
    let config = ProjectConfig::new(spec)?;
    let images = images(&new.images, new.class)?;
    let seeds = seeds(&new.seed_images, &new.seed_masks)?;
    let bar = ProgressBar::new((images.len() + seeds.len()) as u64);
    let made = Project::create(folder, config, &images, &seeds, by, &|done, _| bar.set_position(done as u64));
    bar.finish_and_clear();
    let project = made?;
    println!("{}", folder.display());
    eprintln!(
        "{} images, {} seeds; `advance` compares the candidate networks",
        project.images().len(),
        seeds.len()
    );
    Ok(())
}

fn images(paths: &[PathBuf], class: Class) -> Result<Vec<NewImage>, Box<dyn Error>> {
    let mut images = Vec::new();
    for path in paths {
        match CovidQuEx::open(path) {
            Ok(data) => {
                for part in data.parts() {
                    for case in data.index(part)?.cases() {
                        let id = ImageId::new(case.id())?;
                        images.push(NewImage { id, class: case.class(), file: case.image().to_owned() });
                    }
                }
            }
            Err(_) => {
                for input in collect_inputs(std::slice::from_ref(path))? {
                    images.push(NewImage { id: ImageId::new(input.name)?, class, file: input.file });
                }
            }
        }
    }
    Ok(images)
}
