//! Both networks and the rules that findings are made by.

use std::borrow::Cow;
use std::time::Instant;

use pulmo_core::MaskGate;
use pulmo_findings::{FindingRules, Findings, SeverityScale, Threshold};
use pulmo_imaging::{ChestXray, CleanOptions, InfectionMask, LungMask, LungPair, Mask};
use pulmo_report::{Models, Timing};
use pulmo_segmentation::Scheme;

use crate::analysis::warnings;
use crate::{Analysis, Ensemble, Flips, Infection, Lung, Result};

/// Both networks, put together by the infection network's [`Scheme`]: in parallel, each sees the whole X-ray; cascaded,
/// the infection network sees the X-ray within the lungs that were found, black elsewhere.
#[derive(Debug)]
pub struct Pipeline {
    lung: Ensemble<Lung>,
    infection: Ensemble<Infection>,
    models: Models,
    rules: FindingRules,
    gate: MaskGate,
    clean: CleanOptions,
}

impl Pipeline {
    /// Puts networks together, one or an [`Ensemble`] for each task; detection rule and gate are those stored with the
    /// (first) infection network, if any.
    ///
    /// # Errors
    /// None today; what networks do not fit each other may be refused later.
    pub fn new(lung: impl Into<Ensemble<Lung>>, infection: impl Into<Ensemble<Infection>>) -> Result<Self> {
        let (lung, infection) = (lung.into(), infection.into());
        let models = Models { lung: lung.identity(), infection: infection.identity() };
        let mut rules = FindingRules::new(SeverityScale::quartiles());
        let mut gate = MaskGate::default();
        if let Some(decision) = infection.first().manifest().decision {
            rules = rules.with_detection(*decision.rule());
            gate = decision.gate();
        }
        Ok(Self { lung, infection, models, rules, gate, clean: CleanOptions::default() })
    }

    /// With another severity scale.
    #[must_use]
    pub fn with_severity(mut self, scale: SeverityScale) -> Self {
        self.rules = self.rules.with_severity(scale);
        self
    }

    /// With another detection threshold; nothing changes where the infection network has no detection rule.
    #[must_use]
    pub fn with_threshold(mut self, threshold: Threshold) -> Self {
        if let Some(rule) = self.rules.detection() {
            let rule = rule.with_threshold(threshold);
            self.rules = self.rules.with_detection(rule);
        }
        self
    }

    /// With the networks of some tasks looking at the mirror image too, whatever their manifests say.
    #[must_use]
    pub fn with_flips(self, flips: Flips) -> Self {
        let lung = match flips.lung() {
            Some(flip) => self.lung.with_flip(flip),
            None => self.lung,
        };
        let infection = match flips.infection() {
            Some(flip) => self.infection.with_flip(flip),
            None => self.infection,
        };
        Self { lung, infection, ..self }
    }

    /// With the gate on or off, whatever the infection network's manifest says. Turn it off for images that are known to be
    /// COVID-19, such as those whose severity is followed: a miss of the detection then costs no mask. Without a detection
    /// rule it does nothing.
    #[must_use]
    pub fn with_gate(self, gated: bool) -> Self {
        Self { gate: self.gate.turned(gated), ..self }
    }

    /// Segments, measures, grades and detects.
    ///
    /// # Errors
    /// [`Error::Output`](crate::Error::Output) where a network fails.
    pub fn analyze(&self, xray: &ChestXray) -> Result<Analysis> {
        let start = Instant::now();
        // Probabilities are interpolated to the X-ray's own size before they are cut.
        let lung_map = self.lung.probabilities(xray)?;
        let lung_network = start.elapsed();

        let lungs_start = Instant::now();
        let lungs = LungMask::new(self.lung.mask(&lung_map)).cleaned(&self.clean);
        let seen = match self.scheme() {
            Scheme::Parallel => Cow::Borrowed(xray),
            Scheme::Cascaded => Cow::Owned(xray.within(&lungs)?),
        };
        let postprocess = lungs_start.elapsed();

        let infection_start = Instant::now();
        let infection_map = self.infection.probabilities(&seen)?;
        let infection_network = infection_start.elapsed();

        let measure_start = Instant::now();
        let pair = LungPair::split(&lungs);
        let mut infection = InfectionMask::new(self.infection.mask(&infection_map)).within(&lungs)?;
        let mut findings = Findings::derive(&pair, &infection, Some(&infection_map), &self.rules)?;
        if findings.detection().is_some_and(|found| self.gate.empties(found.score(), found.threshold())) {
            infection = InfectionMask::new(Mask::empty(xray.width(), xray.height())?);
            findings = Findings::derive(&pair, &infection, Some(&infection_map), &self.rules)?;
        }
        let postprocess = postprocess + measure_start.elapsed();

        let timing = Timing {
            lung_network: lung_network.into(),
            infection_network: infection_network.into(),
            postprocess: postprocess.into(),
            total: start.elapsed().into(),
            ..Timing::default()
        };
        Ok(Analysis {
            lungs: pair,
            infection,
            lung_probabilities: lung_map,
            infection_probabilities: infection_map,
            warnings: warnings(xray, &findings),
            findings,
            timing,
            models: self.models.clone(),
        })
    }

    /// What the infection network sees, as its manifest says.
    pub fn scheme(&self) -> Scheme {
        self.infection.scheme()
    }

    /// Whether a negative detection empties the infection mask, as [`MaskGate`] describes it.
    pub fn is_gated(&self) -> bool {
        self.gate.is_on()
    }

    /// The lung networks.
    pub fn lung(&self) -> &Ensemble<Lung> {
        &self.lung
    }

    /// The infection networks.
    pub fn infection(&self) -> &Ensemble<Infection> {
        &self.infection
    }

    /// The networks' names, versions and digests.
    pub fn models(&self) -> &Models {
        &self.models
    }

    /// The severity scale and the detection rule.
    pub fn rules(&self) -> &FindingRules {
        &self.rules
    }
}
