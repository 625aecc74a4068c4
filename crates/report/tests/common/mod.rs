//! Made-up cases for the tests.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo_findings::{DetectionRule, DetectionScore, FindingRules, Findings, SeverityScale, Threshold};
use pulmo_imaging::{InfectionMask, LungMask, LungPair, Mask, ProbabilityMap};
use pulmo_report::{
    CaseFiles, CaseOutcome, CaseReport, FileKind, ImageInfo, Milliseconds, ModelIdentity, Models,
    RelativePath, Sha256Digest, Timing,
};

const SIDE: u32 = 40;

/// Lungs of 10 x 20 pixels each, the patient's left one infected to a half.
pub(crate) fn findings() -> Findings {
    graded_by(SeverityScale::quartiles())
}

/// The same, graded by another scale.
pub(crate) fn graded_by(scale: SeverityScale) -> Findings {
    let lung =
        |from: u32| Mask::from_fn(SIDE, SIDE, |x, y| (from..from + 10).contains(&x) && y < 20).unwrap();
    derive(LungPair::new(LungMask::new(lung(5)), LungMask::new(lung(25))).unwrap(), scale)
}

pub(crate) fn right_lung_only() -> Findings {
    let lung = Mask::from_fn(SIDE, SIDE, |x, y| x < 10 && y < 20).unwrap();
    let none = Mask::empty(SIDE, SIDE).unwrap();
    derive(LungPair::new(LungMask::new(lung), LungMask::new(none)).unwrap(), SeverityScale::quartiles())
}

fn derive(lungs: LungPair, scale: SeverityScale) -> Findings {
    let infection = Mask::from_fn(SIDE, SIDE, |x, y| x >= 20 && y < 10).unwrap();
    let values = infection.bits().iter().map(|&bit| if bit { 0.75 } else { 0.0 }).collect();
    let map = ProbabilityMap::new(SIDE, SIDE, values).unwrap();
    let rule = DetectionRule::new(DetectionScore::MaxProbability, Threshold::new(0.5).unwrap());
    let rules = FindingRules::new(scale).with_detection(rule);
    Findings::derive(&lungs, &InfectionMask::new(infection), Some(&map), &rules).unwrap()
}

fn model(name: &str) -> ModelIdentity {
    ModelIdentity {
        name: name.to_owned(),
        version: "1.2".to_owned(),
        sha256: Sha256Digest::new("ab".repeat(32)).unwrap(),
    }
}

pub(crate) fn report_of(file: &str, findings: &Findings, warnings: &[&str]) -> CaseReport {
    let ms = |value| Milliseconds::new(value).unwrap();
    CaseReport::new(
        ImageInfo { file: file.to_owned(), width: SIDE, height: SIDE },
        findings,
        Models { lung: model("lung-net"), infection: model("infection-net") },
        Timing {
            decode: ms(1.5),
            lung_network: ms(20.0),
            infection_network: ms(30.25),
            postprocess: ms(2.0),
            total: ms(53.75),
        },
        warnings.iter().map(|&warning| warning.to_owned()).collect(),
    )
}

pub(crate) fn report(file: &str) -> CaseReport {
    report_of(file, &findings(), &[])
}

/// An analysed case whose overlay bears the X-ray's name.
pub(crate) fn done(file: &str) -> CaseOutcome {
    let path = RelativePath::new(format!("overlays/{file}")).unwrap();
    let files = CaseFiles::default().with(FileKind::picture("overlay", "Overlay", "findings"), path);
    CaseOutcome::done(report(file), files)
}

pub(crate) fn failed(file: &str, reason: &str) -> CaseOutcome {
    CaseOutcome::failed(file, &std::io::Error::other(reason.to_owned()))
}
