//! The summary as an HTML page.

mod card;
mod grade;
mod header;
mod key;
mod name;

use askama::Template;
use card::Card;
use grade::Grades;
use header::Header;
use key::{KeyEntry, key};
use name::Names;

use crate::{CaseOutcome, Error, Result, Summary};

/// What the template shows. Askama escapes every text on the way out.
#[derive(Template)]
#[template(path = "index.html")]
struct Page<'a> {
    title: &'a str,
    header: Header,
    key: [KeyEntry; 3],
    cards: Vec<Card<'a>>,
    failures: Vec<Failure>,
}

struct Failure {
    file: String,
    error: String,
}

pub(crate) fn render(summary: &Summary) -> Result<String> {
    let names = Names::of(summary.cases().iter().map(CaseOutcome::file));
    let grades = Grades::of(summary);
    let mut cards = Vec::new();
    let mut failures = Vec::new();
    for outcome in summary.cases() {
        let file = names.name(outcome.file());
        match outcome {
            CaseOutcome::Done { report, files } => cards.push(Card::new(file, report, files, &grades)),
            CaseOutcome::Failed { error, .. } => {
                failures.push(Failure { error: error.replace(outcome.file(), &file), file })
            }
        }
    }
    let header = Header::of(summary, &grades);
    let page = Page { title: summary.title(), header, key: key(), cards, failures };
    page.render().map_err(|error| Error::Render { what: "HTML page", reason: Box::new(error) })
}
