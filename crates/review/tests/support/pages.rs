//! What tests of the page ask it and the ledger.

use std::collections::HashMap;
use std::path::PathBuf;

use pulmo_annotation::{Decided, Event, ImageId, Ledger, Sha256Digest};

use super::browser::{Browser, installed};
use super::{Served, loops};

pub(crate) fn browser() -> Option<PathBuf> {
    let found = installed();
    if found.is_none() {
        eprintln!("skipped: no Chromium or Chrome in PATH or PULMO_BROWSER");
    }
    found
}

/// Waits until the page shows another image than `before`, or none, and is idle.
pub(crate) fn shows_another(page: &mut Browser, before: &str) -> String {
    page.until(&format!("!document.body.dataset.busy && document.body.dataset.place !== '{before}'"));
    shown(page)
}

pub(crate) fn idle(page: &mut Browser) {
    page.until("document.body?.dataset.queue && !document.body.dataset.busy");
}

pub(crate) fn shown(page: &mut Browser) -> String {
    idle(page);
    page.evaluate("document.body.dataset.place").as_str().unwrap().to_owned()
}

/// What people did, in order: decisions, and undone entries as `None`.
pub(crate) fn acts(served: &Served) -> Vec<Option<Decided>> {
    let opened = Ledger::open(served.project.folder()).unwrap();
    let acts = opened.entries.into_iter().filter_map(|entry| match entry.event {
        Event::Decided(decided) => Some(Some(decided)),
        Event::Undone { .. } => Some(None),
        _ => None,
    });
    acts.collect()
}

pub(crate) fn place(served: &Served, decided: &Decided) -> String {
    let place = served.project.images().iter().position(|image| image.id == decided.image);
    place.unwrap().to_string()
}

/// Where a point of the image, in pixels, is on the page.
pub(crate) fn on_page(page: &mut Browser, x: f64, y: f64) -> (f64, f64) {
    let side = f64::from(loops::SIDE);
    let spot = page.evaluate(&format!(
        "(() => {{ const box = document.getElementById('canvas').getBoundingClientRect();
           const scale = Math.min(box.width, box.height) / {side};
           return [box.left + box.width / 2 + ({x} - {side} / 2) * scale,
                   box.top + box.height / 2 + ({y} - {side} / 2) * scale]; }})()"
    ));
    (spot[0].as_f64().unwrap(), spot[1].as_f64().unwrap())
}

/// What is proposed in the batch, by image.
pub(crate) fn proposals(served: &Served) -> HashMap<ImageId, Sha256Digest> {
    let tasks = served.project.tasks::<pulmo_annotation::Batch>();
    tasks.map(|task| (task.image().id.clone(), task.masks()[0])).collect()
}
