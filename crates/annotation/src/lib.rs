//! Lung masks made by networks and people together: the human-machine loop of Tahir et al. 2021 as a project folder.
//!
//! * **Stage I**: candidate networks learn public seed masks; the best by DSC becomes the segmentation network.
//! * **Stage II**: it proposes masks in batches; people accept, reject (and correct), are unsure (a doctor decides) or
//!   exclude; it learns from what they made, and proposes again.
//! * **Stage III**: three to six networks propose for all the rest; people pick one proposal or deny all. Denied images
//!   go through Stage II; the network picked most often is the best.
//! * **Stage IV**: doctors verify a stratified sample, which becomes the test set.
//!
//! Every step is an entry in a hash-chained [`Ledger`]; masks lie in a [`MaskStore`] by their hash. Networks are behind
//! the trait [`Proposer`], so this crate needs no tensors.
//!
//! ```
//! use std::time::Duration;
//!
//! use pulmo_annotation::{
//!     BatchDecision, BatchTask, ImageId, MaskFolders, NewImage, NewSeed, Project, ProjectConfig, ProjectSpec,
//!     Reviewer, Step,
//! };
//! use pulmo_data::Class;
//! use pulmo_imaging::{Phantom, PhantomSpec};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let at = |name: String| folder.path().join(name);
//! # std::fs::create_dir(at("masks".into()))?;
//! let mut images = Vec::new();
//! let mut seeds = Vec::new();
//! for seed in 0..4 {
//!     let phantom = Phantom::generate(&PhantomSpec::new(64, seed)?)?;
//!     let (image, mask) = (at(format!("{seed}.png")), at(format!("masks/{seed}.png")));
//!     phantom.xray().save_png(&image)?;
//!     phantom.lungs().both().as_mask().save_png(&mask)?;
//!     if seed < 2 {
//!         seeds.push(NewSeed { image, mask });
//!     } else {
//!         images.push(NewImage { id: ImageId::new(seed.to_string())?, class: Class::Normal, file: image });
//!     }
//! }
//! let names = ["unet-a", "unet-b", "fpn-a"].map(|name| name.parse()).into_iter().collect::<Result<Vec<_>, _>>()?;
//! let spec = ProjectSpec::new("phantoms", names.clone(), names.clone());
//! let by = Reviewer::new("Ada")?;
//! let config = ProjectConfig::new(spec)?;
//! let mut project = Project::create(at("project".into()), config, &images, &seeds, &by, &|_, _| {})?;
//!
//! // Here the networks' masks lie in folders; a program with networks implements `Proposer` itself.
//! let mut proposer = MaskFolders::new(names.into_iter().map(|name| (name, at("masks".into()))))?;
//! assert_eq!(project.advance(&by, &mut proposer, &mut |_| {})?, Step::NetworkChosen);
//! assert_eq!(project.advance(&by, &mut proposer, &mut |_| {})?, Step::BatchProposed(1));
//! let tasks: Vec<BatchTask> = project.tasks().collect();
//! project.decide(&tasks[0], BatchDecision::Accept, &by, Duration::from_secs(4))?;
//! assert_eq!(project.statistics().masked, 1);
//! # Ok(())
//! # }
//! ```

mod config;
mod decision;
mod error;
mod event;
mod export;
mod images;
mod ledger;
mod masks;
mod name;
mod project;
mod proposer;
mod sample;
mod selection;
mod stage;
mod state;
mod statistics;
mod task;

pub use config::{
    MAX_BATCH, MAX_CANDIDATES, PANEL_SIZES, ProjectConfig, ProjectSpec, SCHEMA_VERSION, Selection,
};
pub use decision::{
    BatchDecision, BatchVerdict, DoctorDecision, DoctorVerdict, Judgement, PanelDecision, PanelVerdict,
    Queue, VerificationDecision, VerificationVerdict,
};
pub use error::{Error, Result};
pub use event::{CandidateScore, Decided, Entry, Event, PanelProposal, Proposal};
pub use export::{Exported, PROVENANCE_FILE};
pub use images::{ImageRecord, MAX_IMAGE_SIDE, NewImage, NewSeed, SeedRecord};
pub use ledger::{Head, LEDGER_FILE, Ledger, Opened, Repair};
pub use masks::{MASK_FOLDER, MaskStore};
#[doc(hidden)]
pub use name::ProposerName as NetworkName;
pub use name::{ImageId, MAX_NAME, ProposerName, Reviewer};
pub use project::{Project, Receipt};
pub use proposer::{MaskFolders, NoProposal, Progress, Proposer, TrainingPair, Work};
pub use pulmo_core::Sha256Digest;
#[doc(hidden)]
pub use pulmo_core::Sha256Digest as Digest;
pub use sample::{Stratum, strata};
pub use selection::disagreement;
pub use stage::{AfterPanel, SEED_VALIDATION_SHARE, Stage, StageFour, StageOne, StageThree, StageTwo, Step};
pub use state::{Assignment, BatchRecord, History, MAX_SECONDS, Phase, Place, Standing, State};
pub use statistics::{Picks, ReviewerFigures, Round, Statistics};
pub use task::{
    Batch, BatchTask, Doctor, DoctorTask, Kind, Panel, PanelTask, Task, Verification, VerificationTask,
};
