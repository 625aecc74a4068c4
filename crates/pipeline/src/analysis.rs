//! What the pipeline finds in one X-ray.

use std::time::Duration;

use pulmo_findings::{Findings, LungsStatus};
use pulmo_imaging::{ChestXray, InfectionMask, LungPair, Overlay, ProbabilityMap, RgbImage, SplitNote};
use pulmo_report::{CaseReport, ImageInfo, Milliseconds, Models, Timing};

use crate::Result;

/// Masks at the X-ray's own size, and what they mean.
///
/// Made by [`Pipeline::analyze`](crate::Pipeline::analyze).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Analysis {
    /// The patient's right and left lung, cleaned.
    pub lungs: LungPair,
    /// Infection inside the lungs.
    pub infection: InfectionMask,
    /// The lung network's probabilities over the whole X-ray, before they were cut and cleaned.
    pub lung_probabilities: ProbabilityMap,
    /// The infection network's probabilities over the whole X-ray, before they were cut and clipped.
    pub infection_probabilities: ProbabilityMap,
    /// Percentages, severity, detection.
    pub findings: Findings,
    /// How long the parts took; decoding is not among them unless [`with_decoding`](Self::with_decoding) adds it.
    pub timing: Timing,
    /// What a reader should know: the image's own warnings, and lungs that were not found or could not be told apart.
    pub warnings: Vec<String>,
    /// The networks' names, versions and digests.
    pub models: Models,
}

impl Analysis {
    /// With the time that reading and decoding the X-ray took, which counts to the total.
    #[must_use]
    pub fn with_decoding(mut self, decoding: Duration) -> Self {
        self.timing.decode = decoding.into();
        self.timing.total = self.timing.total + Milliseconds::from(decoding);
        self
    }

    /// The report of the case; `file` is what it calls the image.
    pub fn report(&self, file: impl Into<String>) -> CaseReport {
        let (width, height) = self.lungs.size();
        let image = ImageInfo { file: file.into(), width, height };
        CaseReport::new(image, &self.findings, self.models.clone(), self.timing, self.warnings.clone())
    }

    /// The X-ray with the lungs' contours, the infection and a legend: of the X-ray's size, or a whole multiple of it where
    /// its shorter side is below 512 pixels, and a panel of text
    /// below, which the feature `legend` brings.
    ///
    /// # Errors
    /// The X-ray is of another size than the one that was analysed.
    pub fn overlay(&self, xray: &ChestXray) -> Result<RgbImage> {
        Ok(self.drawn_on(xray, &self.report("")).render()?)
    }

    /// The [`overlay`](Self::overlay) as the bytes of a PNG file.
    ///
    /// # Errors
    /// As [`overlay`](Self::overlay).
    pub fn overlay_png(&self, xray: &ChestXray) -> Result<Vec<u8>> {
        Ok(self.drawn_on(xray, &self.report("")).to_png()?)
    }

    /// The mask of both lungs as the bytes of a PNG file: 8-bit grey, 255 inside and 0 outside.
    ///
    /// # Errors
    /// The encoder refuses it.
    pub fn lung_png(&self) -> Result<Vec<u8>> {
        Ok(self.lungs.both().as_mask().to_png()?)
    }

    /// The mask of the infection as the bytes of a PNG file: 8-bit grey, 255 inside and 0 outside.
    ///
    /// # Errors
    /// The encoder refuses it.
    pub fn infection_png(&self) -> Result<Vec<u8>> {
        Ok(self.infection.as_mask().to_png()?)
    }

    #[cfg(feature = "legend")]
    pub(crate) fn drawn_on<'a>(&'a self, xray: &'a ChestXray, report: &CaseReport) -> Overlay<'a> {
        let legend = pulmo_report::text::legend_lines(report);
        Overlay::new(xray).lungs(&self.lungs).infection(&self.infection).legend(&legend)
    }

    #[cfg(not(feature = "legend"))]
    fn drawn_on<'a>(&'a self, xray: &'a ChestXray, _: &CaseReport) -> Overlay<'a> {
        Overlay::new(xray).lungs(&self.lungs).infection(&self.infection)
    }
}

/// What a reader of the findings should know.
pub(crate) fn warnings(xray: &ChestXray, findings: &Findings) -> Vec<String> {
    let mut warnings: Vec<String> = xray.warnings().iter().map(ToString::to_string).collect();
    match findings.lungs() {
        LungsStatus::NotFound => warnings.push(
            "no lungs were found; nothing was measured, graded or decided; is this a frontal chest X-ray?"
                .to_owned(),
        ),
        LungsStatus::Found { split } => {
            if split != SplitNote::TwoLungs {
                warnings.push(split.to_string());
            }
        }
    }
    warnings
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]

    use pulmo_findings::FindingRules;
    use pulmo_imaging::{Mask, Phantom, PhantomInfection, PhantomSpec};
    use pulmo_report::{ModelIdentity, Sha256Digest};

    use super::*;

    /// A phantom and what would be found in it if networks made no mistakes.
    pub(crate) fn phantom(seed: u64) -> (ChestXray, Analysis) {
        let spec = PhantomSpec::new(96, seed).unwrap();
        let spec = spec.with_infection(PhantomInfection::Patchy { fraction_hint: 0.3 }).unwrap();
        let phantom = Phantom::generate(&spec).unwrap();
        let map = |mask: &Mask| {
            let values = mask.bits().iter().map(|&bit| if bit { 0.75 } else { 0.25 }).collect();
            ProbabilityMap::new(mask.width(), mask.height(), values).unwrap()
        };
        let (lungs, infection) = (phantom.lungs().clone(), phantom.infection().clone());
        let findings = Findings::derive(&lungs, &infection, None, &FindingRules::default()).unwrap();
        let network = ModelIdentity {
            name: "network".to_owned(),
            version: "1".to_owned(),
            sha256: Sha256Digest::new("0".repeat(64)).unwrap(),
        };
        let analysis = Analysis {
            lung_probabilities: map(lungs.both().as_mask()),
            infection_probabilities: map(infection.as_mask()),
            lungs,
            infection,
            warnings: warnings(phantom.xray(), &findings),
            findings,
            timing: Timing::default(),
            models: Models { lung: network.clone(), infection: network },
        };
        (phantom.xray().clone(), analysis)
    }

    #[test]
    fn the_report_states_what_was_found_and_how_long_it_took() {
        let (_, mut analysis) = phantom(1);
        analysis.timing.total = Duration::from_millis(5).into();
        let analysis = analysis.with_decoding(Duration::from_millis(2));
        let report = analysis.report("a.png");
        assert_eq!(report.image(), &ImageInfo { file: "a.png".to_owned(), width: 96, height: 96 });
        assert_eq!(report.lungs().quantification(), analysis.findings.quantification());
        assert_eq!((report.timing().decode.get(), report.timing().total.get()), (2.0, 7.0));
    }

    #[test]
    fn pictures_are_the_same_as_bytes_and_as_arrays() {
        let (xray, analysis) = phantom(2);
        let decoded = |bytes: Vec<u8>| image::load_from_memory(&bytes).unwrap();
        let overlay = analysis.overlay(&xray).unwrap();
        assert!(overlay.height() > overlay.width(), "the legend lies below");
        assert_eq!(decoded(analysis.overlay_png(&xray).unwrap()).to_rgb8(), overlay);
        let lungs = analysis.lungs.both().as_mask().to_gray_image();
        assert_eq!(decoded(analysis.lung_png().unwrap()).to_luma8(), lungs);
        let infection = analysis.infection.as_mask().to_gray_image();
        assert_eq!(decoded(analysis.infection_png().unwrap()).to_luma8(), infection);
        let other = ChestXray::from_pixels(64, 64, vec![0.5; 64 * 64]).unwrap();
        assert!(analysis.overlay(&other).is_err(), "another X-ray");
    }
}
