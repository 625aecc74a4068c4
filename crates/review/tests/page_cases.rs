//! The page where something is in the way: an image that cannot be shown, another reviewer, a queue of doctors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::browser::Browser;
use support::pages::{acts, browser, idle, on_page, place, proposals, shown, shows_another};
use support::{loops, serve, serve_project};

const READY: &str = "document.querySelector('[data-decision=reject]').classList.contains('ready')";

fn toast(page: &mut Browser, part: &str) {
    page.until(&format!("document.getElementById('toast').textContent.includes('{part}')"));
}

#[test]
fn an_image_that_could_not_be_shown_is_not_taken() {
    let Some(program) = browser() else { return };
    let served = serve(|options| options.with_reviewer(loops::reviewer("Ada")));
    let flip = || {
        for image in served.project.images() {
            let mut bytes = std::fs::read(&image.file).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            std::fs::write(&image.file, bytes).unwrap();
        }
    };
    flip();
    let mut page = Browser::start(&program);
    page.open(&served.url);
    idle(&mut page);
    page.until("document.getElementById('empty-title').textContent.includes('cannot be shown')");
    page.until("document.getElementById('empty-text').textContent.includes('was changed')");
    page.screenshot("10-not-shown");
    assert_eq!(page.evaluate("document.querySelector('[data-decision=accept]').disabled"), true);
    page.press("a");
    idle(&mut page);
    toast(&mut page, "cannot be shown");
    flip();
    page.press("a");
    toast(&mut page, "was not shown before");
    assert_eq!(acts(&served), []);
    let first = shown(&mut page);
    page.press("a");
    shows_another(&mut page, &first);
    assert_eq!(acts(&served).len(), 1);
}

#[test]
fn a_correction_outlives_anothers_decision_and_the_eraser_only_clears() {
    let Some(program) = browser() else { return };
    let mut served = serve(|options| options.with_reviewer(loops::reviewer("Ada")));
    let (grace, proposals) = (loops::reviewer("Grace"), proposals(&served));
    let mut page = Browser::start(&program);
    page.open(&served.url);
    let first = shown(&mut page);
    for key in ["x", " "] {
        page.press(key);
    }
    for _ in 0..2 {
        page.press_with("ArrowLeft", true);
    }
    // A mouse that is bumped draws no line while the keyboard's pen is down.
    let corner = on_page(&mut page, 2.0, 2.0);
    page.hover(corner);
    page.press(" ");
    page.until(READY);
    page.screenshot("11-eraser");

    let task = served.project.task::<pulmo_annotation::Batch>(first.parse().unwrap()).unwrap();
    let accept = pulmo_annotation::BatchDecision::Accept;
    served.project.decide(&task, accept, &grace, std::time::Duration::ZERO).unwrap();
    page.press("r");
    assert_ne!(shows_another(&mut page, &first), first);
    toast(&mut page, "was decided by Grace");
    served.project.undo_last(&grace).unwrap();
    page.reload();
    assert_eq!(shown(&mut page), first, "it waits again");
    page.until(READY);
    page.press("r");
    shows_another(&mut page, &first);

    let acts = acts(&served);
    let saved = acts.last().unwrap().as_ref().unwrap();
    assert_eq!((place(&served, saved), saved.judgement.word()), (first, "reject"));
    let store = served.project.masks();
    let proposed = store.get(proposals[&saved.image]).unwrap();
    let drawn = store.get(saved.mask.unwrap()).unwrap();
    assert_eq!(drawn.minus(&proposed).unwrap().area(), 0, "an eraser adds nothing");
    let erased = proposed.minus(&drawn).unwrap();
    assert!(erased.area() > 0);
    assert!(erased.pixels().all(|(x, y)| x <= 30 && (18..=30).contains(&y)), "along the stroke alone");
}

#[test]
fn the_doctors_queue_is_left_to_doctors() {
    let Some(program) = browser() else { return };
    let change = |spec: &mut pulmo_annotation::ProjectSpec| spec.doctors = vec![loops::reviewer("Dr Ito")];
    let mut served = serve_project(change, |options| options.with_reviewer(loops::reviewer("Ada")));
    for task in served.project.tasks::<pulmo_annotation::Batch>().collect::<Vec<_>>() {
        let unsure = pulmo_annotation::BatchDecision::Unsure;
        served.project.decide(&task, unsure, &loops::reviewer("Ada"), std::time::Duration::ZERO).unwrap();
    }
    let mut page = Browser::start(&program);
    page.open(&served.url);
    assert_eq!(shown(&mut page), "");
    page.press("q");
    page.until("document.getElementById('empty-text').textContent.includes('Dr Ito')");
    page.screenshot("12-doctors");
    page.press("a");
    assert_eq!(acts(&served).len(), 5, "nothing but the five that were sent to the doctor");
    assert_eq!(page.complaints, Vec::<String>::new(), "nothing is asked for that would be refused");
}
