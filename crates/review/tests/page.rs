//! The page as a person uses it, in a headless browser: the ledger holds exactly what was done.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::HashSet;

use pulmo_annotation::{
    BatchVerdict, Decided, DoctorVerdict, Judgement, PanelVerdict, Project, Sha256Digest, Step,
    VerificationVerdict,
};
use pulmo_imaging::Mask;
use pulmo_review::ServerOptions;
use support::browser::Browser;
use support::pages::{acts, browser, idle, on_page, place, proposals, shown, shows_another};
use support::{Served, loops, serve, serve_batch};

/// The pixels in which a decision's mask differs from what was proposed.
fn difference(served: &Served, decided: &Decided, proposal: Sha256Digest) -> Mask {
    let store = served.project.masks();
    let (drawn, proposed) = (store.get(decided.mask.unwrap()).unwrap(), store.get(proposal).unwrap());
    drawn.minus(&proposed).unwrap().or(&proposed.minus(&drawn).unwrap()).unwrap()
}

#[test]
fn a_review_by_keyboard_and_brush_is_on_record_exactly() {
    let Some(program) = browser() else { return };
    let mut served = serve(|options| options.with_reviewer(loops::reviewer("Ada")));
    let proposals = proposals(&served);
    let mut page = Browser::start(&program);
    page.open(&served.url);
    idle(&mut page);
    let mut expected: Vec<(String, Judgement)> = Vec::new();
    let batch = |verdict| Judgement::Batch(verdict);

    // Accept, take it back, accept again.
    let first = shown(&mut page);
    page.screenshot("1-batch");
    page.press("a");
    let second = shows_another(&mut page, &first);
    page.press("z");
    assert_eq!(shows_another(&mut page, &second), first, "the image is back");
    page.press("a");
    assert_eq!(shows_another(&mut page, &first), second);
    expected.push((first, batch(BatchVerdict::Accept)));

    // Reject without a correction is refused; with a stroke of the mouse it is saved.
    page.press("r");
    page.until("document.getElementById('toast').textContent.includes('draw the correction first')");
    let stroke = [(5.5, 40.5), (12.5, 40.5), (20.5, 42.5)];
    let points: Vec<(f64, f64)> = stroke.iter().map(|&(x, y)| on_page(&mut page, x, y)).collect();
    page.drag(&points);
    page.until("document.querySelector('[data-decision=reject]').classList.contains('ready')");
    page.screenshot("2-brush");
    page.press("a");
    page.until("document.getElementById('toast').textContent.includes('R saves it')");
    page.press("r");
    let third = shows_another(&mut page, &second);
    expected.push((second, batch(BatchVerdict::Reject)));

    // A correction by keyboard, interrupted by a reload.
    page.press("x");
    page.press(" ");
    for _ in 0..3 {
        page.press_with("ArrowLeft", true);
    }
    page.press(" ");
    page.until("document.querySelector('[data-decision=reject]').classList.contains('ready')");
    page.reload();
    assert_eq!(shown(&mut page), third, "the image that was not decided is shown again");
    page.until("document.querySelector('[data-decision=reject]').classList.contains('ready')");
    page.press("z");
    page.until("!document.querySelector('[data-decision=reject]').classList.contains('ready')");
    // And a polygon of four corners instead, moved by the arrows from the centre.
    page.press("p");
    for keys in [&["ArrowUp"][..], &["ArrowRight"], &["ArrowDown"], &["ArrowLeft"]] {
        for key in keys {
            page.press_with(key, true);
        }
        page.press(" ");
    }
    page.screenshot("3-polygon");
    page.press_with("Enter", false);
    page.until("document.querySelector('[data-decision=reject]').classList.contains('ready')");
    page.press("r");
    let fourth = shows_another(&mut page, &third);
    expected.push((third, batch(BatchVerdict::Reject)));

    page.press("u");
    let fifth = shows_another(&mut page, &fourth);
    expected.push((fourth.clone(), batch(BatchVerdict::Unsure)));
    page.press("e");
    shows_another(&mut page, &fifth);
    page.screenshot("4-empty");
    expected.push((fifth, batch(BatchVerdict::Exclude)));

    // The doctor's queue.
    page.press("q");
    assert_eq!(shows_another(&mut page, ""), fourth);
    page.press("a");
    shows_another(&mut page, &fourth);
    expected.push((fourth, Judgement::Doctor(DoctorVerdict::Accept)));

    // The networks go on: Stage III with six proposals.
    served.project.refresh().unwrap();
    for step in [Step::Retrained(1), Step::PanelOpened, Step::PanelProposed(5)] {
        assert_eq!(loops::advance(&mut served.project, &mut served.oracle), step);
    }
    page.reload();
    let first = shown(&mut page);
    page.until("document.querySelectorAll('#grid .cell').length === 6");
    page.screenshot("5-panel");
    page.press("4");
    let second = shows_another(&mut page, &first);
    page.press("ArrowRight");
    page.press(" ");
    page.screenshot("6-panel-large");
    page.press("d");
    let third = shows_another(&mut page, &second);
    page.press("z");
    assert_eq!(shows_another(&mut page, &third), second);
    page.press("1");
    assert_eq!(shows_another(&mut page, &second), third);
    expected.push((first, Judgement::Panel(PanelVerdict::Pick(4))));
    expected.push((second, Judgement::Panel(PanelVerdict::Pick(1))));

    page.press("?");
    page.until("document.getElementById('help').open");
    page.press("a");
    page.screenshot("7-help");
    page.press("Escape");
    page.until("!document.getElementById('help').open");

    // What stands is what was expected, in order; two decisions were taken back.
    let acts = acts(&served);
    let words: Vec<Option<&str>> =
        acts.iter().map(|act| act.as_ref().map(|decided| decided.judgement.word())).collect();
    let said = |word| Some(word);
    assert_eq!(
        words,
        [
            said("accept"),
            None,
            said("accept"),
            said("reject"),
            said("reject"),
            said("unsure"),
            said("exclude"),
            said("accept"),
            said("pick"),
            said("deny"),
            None,
            said("pick"),
        ]
    );
    let undone: HashSet<usize> =
        (0..acts.len()).filter(|&at| acts.get(at + 1).is_some_and(Option::is_none)).collect();
    let standing: Vec<&Decided> = acts
        .iter()
        .enumerate()
        .filter(|(at, _)| !undone.contains(at))
        .filter_map(|(_, act)| act.as_ref())
        .collect();
    let found: Vec<(String, Judgement)> =
        standing.iter().map(|decided| (place(&served, decided), decided.judgement)).collect();
    assert_eq!(found, expected);
    assert!(standing.iter().all(|decided| decided.seconds > 0.0 && decided.seconds < 60.0));

    // The stroke is where it was drawn, and nowhere else.
    let proposed = proposals[&standing[1].image];
    let stroke = difference(&served, standing[1], proposed);
    assert!(stroke.area() > 20, "{} pixels", stroke.area());
    assert!(stroke.get(12, 40) || served.project.masks().get(proposed).unwrap().get(12, 40));
    assert!(stroke.pixels().all(|(x, y)| x <= 26 && (35..=47).contains(&y)), "within a brush of the stroke");
    // The polygon is inside its corners.
    let polygon = difference(&served, standing[2], proposals[&standing[2].image]);
    assert!(polygon.area() > 0);
    assert!(
        polygon.pixels().all(|(x, y)| (23..=34).contains(&x) && (15..=25).contains(&y)),
        "{:?}",
        polygon.pixels().collect::<Vec<_>>()
    );

    let own = page.evaluate(
        "performance.getEntriesByType('resource').every((entry) => entry.name.startsWith(location.origin))",
    );
    assert_eq!(own, true, "the page asks this server alone");
    assert_eq!(page.complaints, Vec::<String>::new());
}

#[test]
fn a_name_is_asked_for_once_and_verification_is_keyboard_alone() {
    let Some(program) = browser() else { return };
    let mut served = serve(|options: ServerOptions| options);
    let by = loops::reviewer("Ada");
    let tasks: Vec<pulmo_annotation::BatchTask> = served.project.tasks().collect();
    for task in tasks {
        let accept = pulmo_annotation::BatchDecision::Accept;
        served.project.decide(&task, accept, &by, std::time::Duration::ZERO).unwrap();
    }
    for _ in 0..3 {
        loops::advance(&mut served.project, &mut served.oracle);
    }
    let tasks: Vec<pulmo_annotation::PanelTask> = served.project.tasks().collect();
    for task in tasks {
        let pick = pulmo_annotation::PanelDecision::Pick(2);
        served.project.decide(&task, pick, &by, std::time::Duration::ZERO).unwrap();
    }
    assert_eq!(loops::advance(&mut served.project, &mut served.oracle), Step::PanelClosed);
    assert_eq!(loops::advance(&mut served.project, &mut served.oracle), Step::SampleDrawn(2));

    let mut page = Browser::start(&program);
    page.open(&served.url);
    page.until("document.getElementById('who')?.open");
    page.screenshot("8-name");
    for key in ["D", "r", " ", "I", "t", "o", "Enter"] {
        page.press(key);
    }
    let first = shown(&mut page);
    page.screenshot("9-verify");
    page.press("a");
    let second = shows_another(&mut page, &first);
    page.press("e");
    shows_another(&mut page, &second);
    page.reload();
    idle(&mut page);
    assert_eq!(page.evaluate("document.getElementById('who').open"), false, "the name is remembered");

    let opened = Project::open(served.project.folder()).unwrap();
    let decided: Vec<_> =
        opened.state().images().iter().filter_map(|image| image.decisions().last()).collect();
    let by_doctor: Vec<_> = decided.into_iter().filter(|standing| standing.by.as_str() == "Dr Ito").collect();
    let judgements: HashSet<Judgement> =
        by_doctor.iter().map(|standing| standing.decided.judgement).collect();
    let expected = [VerificationVerdict::Confirm, VerificationVerdict::Exclude].map(Judgement::Verification);
    assert_eq!(judgements, HashSet::from(expected));
    assert_eq!(page.complaints, Vec::<String>::new());
}

#[test]
fn many_images_are_done_with_one_key() {
    const IMAGES: usize = 60;
    let Some(program) = browser() else { return };
    let served =
        serve_batch(2 * IMAGES as u64, IMAGES, |options| options.with_reviewer(loops::reviewer("Ada")));
    let mut page = Browser::start(&program);
    page.open(&served.url);
    let mut seen = Vec::new();
    for _ in 0..IMAGES {
        seen.push(shown(&mut page));
        // A key that is hit twice never decides one image twice.
        page.press("a");
        page.press("a");
        shows_another(&mut page, &seen[seen.len() - 1]);
        if page.evaluate("document.body.dataset.place") == "" {
            break;
        }
    }
    let acts = acts(&served);
    let places: Vec<String> = acts.iter().flatten().map(|decided| place(&served, decided)).collect();
    assert_eq!(places.len(), IMAGES);
    assert_eq!(places.iter().collect::<HashSet<_>>().len(), IMAGES, "no image twice");
    assert!(acts.iter().flatten().all(|decided| decided.judgement.word() == "accept"));
    assert_eq!(page.complaints, Vec::<String>::new());
}
