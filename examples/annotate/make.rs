//! `annotate <project> new`.

use std::collections::HashSet;
use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::ProgressBar;
use pulmo::annotation::{
    ImageId, NetworkName, NewImage, Project, ProjectConfig, ProjectSpec, Reviewer, Selection,
};
use pulmo::data::{Class, CovidQuEx, Error as DataError, Part};
use pulmo::imaging::unique_name;
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
    let project = made.map_err(|error| match error {
        pulmo::annotation::Error::Unusable { .. } => {
            format!("{error} (`compile` does that, of DICOM files too)").into()
        }
        error => Box::<dyn Error>::from(error),
    })?;
    println!("{}", folder.display());
    eprintln!(
        "{} images, {} seeds; `advance` compares the candidate networks",
        project.images().len(),
        seeds.len()
    );
    Ok(())
}

/// An X-ray's name, class and file.
type Found = (String, Class, PathBuf);

/// The X-rays of folders in the layout of COVID-QU-Ex with their classes, and all other files and folders. Those of
/// one name are numbered.
fn images(paths: &[PathBuf], class: Class) -> Result<Vec<NewImage>, Box<dyn Error>> {
    let mut found: Vec<Found> = Vec::new();
    let mut plain = Vec::new();
    for path in paths {
        match CovidQuEx::open(path) {
            Ok(data) => found.extend(cases(&data)?),
            Err(DataError::NotAFolder { .. } | DataError::LayoutNotFound { .. }) => plain.push(path.clone()),
            Err(error) => return Err(error.into()),
        }
    }
    if !plain.is_empty() {
        for input in collect_inputs(&plain)? {
            if let Some(folder) = mask_folder(&input.file) {
                return Err(format!(
                    "'{}' holds masks, not X-rays; give the folder of the X-rays alone, or the whole data set",
                    folder.display()
                )
                .into());
            }
            found.push((input.name, class, input.file));
        }
    }
    let mut taken = HashSet::new();
    let named = found.into_iter().map(|(name, class, file)| {
        let id = ImageId::new(unique_name(&name, &mut taken))
            .map_err(|error| format!("'{}': {error}", file.display()))?;
        Ok(NewImage { id, class, file })
    });
    named.collect()
}

/// The X-rays of one part: the lung part has those of the others too, under the same names.
fn cases(data: &CovidQuEx) -> Result<Vec<Found>, Box<dyn Error>> {
    let parts = [Part::LungSegmentation, Part::InfectionSegmentation];
    let part = parts.into_iter().find(|part| data.parts().any(|there| there == *part));
    let index = data.index(part.ok_or("there is no data set")?)?;
    let cases = index.cases().iter();
    Ok(cases.map(|case| (case.id().to_owned(), case.class(), case.image().to_owned())).collect())
}

/// The folder that a file lies in, where a data set keeps its masks in such.
fn mask_folder(file: &Path) -> Option<&Path> {
    let is_one = |name: &OsStr| name == "lung masks" || name == "infection masks";
    file.parent().filter(|folder| folder.file_name().is_some_and(is_one))
}
