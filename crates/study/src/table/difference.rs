//! The two schemes against each other, image by image.

use std::collections::BTreeMap;

use pulmo_core::Scheme;
use pulmo_evaluation::table::{Figure, Subject, mean_estimate};
use pulmo_metrics::{Estimate, Metric};
use serde::Serialize;

use crate::{CellResult, NetworkName, Result, figure, paper_figure};

/// The figures that are compared; each is a mean over images, so that images can be paired.
const COMPARED: [Figure; 4] = [
    Figure::mean(Subject::InfectionCovid, &Metric::Dsc),
    Figure::mean(Subject::InfectionAll, &Metric::Dsc),
    Figure::detection(&Metric::Sensitivity),
    Figure::detection(&Metric::Specificity),
];

/// One figure of the cascaded network minus that of the parallel one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchemeDifference {
    /// The network.
    pub network: NetworkName,
    /// Which figure.
    #[serde(serialize_with = "figure::serialize")]
    pub figure: Figure,
    /// Mean over images of cascaded minus parallel, with the bootstrap interval over the images.
    pub difference: Estimate,
    /// The same of the paper's figures, where its text has both.
    pub paper: Option<f64>,
}

impl SchemeDifference {
    /// Every compared figure over the images that both tested.
    pub(crate) fn all(
        network: NetworkName,
        parallel: &[&CellResult],
        cascaded: &[&CellResult],
    ) -> Result<Vec<Self>> {
        let mut differences = Vec::new();
        for figure in COMPARED {
            let values = |results: &[&CellResult]| -> BTreeMap<String, f64> {
                let cases = results.iter().flat_map(|result| &result.cases);
                cases.filter_map(|case| Some((case.id.clone(), figure.of_case(case)?))).collect()
            };
            let (parallel, cascaded) = (values(parallel), values(cascaded));
            let paired: Vec<f64> = cascaded
                .iter()
                .filter_map(|(id, cascaded)| parallel.get(id).map(|parallel| cascaded - parallel))
                .collect();
            let stated = |scheme| paper_figure(&figure, scheme, network).map(|found| found.value);
            if let Some(difference) = mean_estimate(&paired)? {
                let paper = stated(Scheme::Cascaded).zip(stated(Scheme::Parallel)).map(|(c, p)| c - p);
                differences.push(Self { network, figure, difference, paper });
            }
        }
        Ok(differences)
    }
}
