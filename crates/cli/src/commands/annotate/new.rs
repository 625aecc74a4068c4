use std::path::{Path, PathBuf};

use clap::Args;
use pulmo::annotation::{NetworkName, ProjectSpec, Reviewer, Selection};
use pulmo::data::Class;
use pulmo::jobs::annotate::{create, images, seeds};
use serde_json::json;

use crate::console::Console;
use crate::exit::{Done, Failure, Outcome};

/// Make a project of X-rays and seed masks
#[derive(Debug, Args)]
pub(super) struct New {
    /// X-rays to make masks of: files, folders, or a folder in the layout of COVID-QU-Ex, whose classes are kept
    #[arg(long, value_name = "PATH", required = true)]
    images: Vec<PathBuf>,
    /// Class of images that no folder names: COVID-19, Non-COVID or Normal
    #[arg(long, default_value_t = Class::Normal)]
    class: Class,
    #[command(flatten)]
    seeds: SeedFolders,
    /// Name of the project
    #[arg(long, default_value = "lung masks")]
    name: String,
    /// Stage I: networks to choose from
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',', default_value = super::simulate::CANDIDATES)]
    candidates: Vec<NetworkName>,
    /// Stage III: three to six networks that propose together
    #[arg(
        long,
        value_name = "NETWORKS",
        value_delimiter = ',',
        default_value = "unet-resnet18,unet-densenet121,unetplusplus-resnet18,unetplusplus-densenet121,fpn-resnet18,fpn-densenet121"
    )]
    panel: Vec<NetworkName>,
    /// Stage II: images in a batch
    #[arg(long, value_name = "COUNT", default_value_t = 500)]
    batch_size: usize,
    /// Stage II: share of the images that is annotated in batches
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    batch_share: f64,
    /// Stage II: how batches are drawn: random, or disagreement between the candidates
    #[arg(long, default_value_t)]
    selection: Selection,
    /// Stage IV: share of the masks that is verified and becomes the test set
    #[arg(long, value_name = "SHARE", default_value_t = 0.2)]
    verification_share: f64,
    /// Seed of every random choice
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Name of a doctor; doctors alone decide the doctor's queue and Stage IV, or everybody where none is named
    #[arg(long, value_name = "NAME")]
    doctor: Vec<Reviewer>,
}

/// X-rays whose masks are known.
#[derive(Debug, Args)]
pub(super) struct SeedFolders {
    /// Folder of X-rays whose masks are known
    #[arg(long, value_name = "FOLDER")]
    pub(super) seed_images: PathBuf,
    /// Folder of their masks, PNG under the same names
    #[arg(long, value_name = "FOLDER")]
    pub(super) seed_masks: PathBuf,
}

impl New {
    pub(super) fn run(&self, folder: &Path, by: &Reviewer, console: &Console) -> Outcome {
        let images = images(&self.images, self.class)?;
        let seeds = seeds(&self.seeds.seed_images, &self.seeds.seed_masks)?;
        let made = create(folder, self.spec(), &images, &seeds, by, &console.observer());
        let project = made.map_err(|error| match error {
            pulmo::jobs::Error::Annotation(pulmo::annotation::Error::Unusable { .. }) => {
                Failure::from(format!("{error} (`pulmo compile` does that)"))
            }
            error => error.into(),
        })?;
        let value = json!({ "project": folder, "images": project.images().len(), "seeds": seeds.len() });
        console.result(format!("{}\n", folder.display()), &value)?;
        console.note(format!(
            "{} images, {} seeds; `advance` compares the candidate networks",
            project.images().len(),
            seeds.len()
        ));
        Ok(Done::All)
    }

    fn spec(&self) -> ProjectSpec {
        let mut spec = ProjectSpec::new(&self.name, self.candidates.clone(), self.panel.clone());
        spec.batch_size = self.batch_size;
        spec.batch_share = self.batch_share;
        spec.selection = self.selection;
        spec.verification_share = self.verification_share;
        spec.seed = self.seed;
        spec.doctors.clone_from(&self.doctor);
        spec
    }
}
