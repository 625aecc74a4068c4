//! The HTML page: what it shows, and that no name can break out of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{done, failed, findings, graded_by, report, report_of, right_lung_only};
use proptest::prelude::*;
use pulmo_findings::Findings;
use pulmo_report::{CaseFiles, CaseOutcome, Error, FileKind, RelativePath, Summary};

fn html(cases: Vec<CaseOutcome>) -> String {
    Summary::new(cases).to_html().unwrap()
}

fn count(page: &str, part: &str) -> usize {
    page.matches(part).count()
}

/// The text between `start` and the next `end`, unescaped.
fn unescaped<'a>(page: &'a str, start: &str, end: &str) -> String {
    let from = page.find(start).unwrap_or_else(|| panic!("no {start}")) + start.len();
    let text: &'a str = &page[from..];
    let text = &text[..text.find(end).unwrap()];
    assert!(!text.contains(['<', '>', '"', '\'']), "{text:?} is not escaped");
    text.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}

#[test]
fn the_page_shows_each_case_and_the_totals() {
    let warned = report_of("w.png", &findings(), &["low contrast"]);
    let page = html(vec![
        done("a.png"),
        CaseOutcome::done(warned, CaseFiles::default()),
        CaseOutcome::done(report_of("n.png", &Findings::not_found(), &[]), CaseFiles::default()),
        CaseOutcome::done(report_of("r.png", &right_lung_only(), &[]), CaseFiles::default()),
        failed("f.png", "the file is empty"),
    ]);
    assert_eq!(count(&page, "<article"), 4);
    for part in [
        "not a medical device",
        "<dt>X-rays</dt><dd>5</dd>",
        "<dt>Analysed</dt><dd>4</dd>",
        "low contrast",
        "1 warning<",
        "No lungs were found",
        "not found",
        "moderate",
        "lung-net 1.2",
        "pulmo-25-50-75",
        "COVID-19 positive",
        "Failed (1)",
        "the file is empty",
        "right 0 + left 2 = 2 of 8",
        "50.0 %",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn an_empty_summary_is_a_page() {
    let page = html(Vec::new());
    assert!(page.contains("There are no X-rays"));
    assert!(!page.contains("<script"));
}

#[test]
fn only_failures_are_a_page_too() {
    let page = html(vec![failed("f.png", "unreadable")]);
    assert!(page.contains("Failed (1)") && !page.contains("<article"));
}

#[test]
fn nothing_is_asked_of_the_network() {
    let page = html(vec![done("a.png"), failed("f.png", "unreadable")]);
    for part in ["http:", "https:", "src=\"//", "href=\"//", "@import", "url("] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn hostile_names_are_text() {
    let names = [
        "<script>alert(1)</script>.png",
        "\" onerror=\"alert(1)",
        "' onload='alert(1)",
        "a b [c] (d) {e}.png",
        "</title></style><img src=x>",
        "&lt;&amp;&#60;",
        "{{ title }}{% raw %}",
        "Röntgen 患者 🫁.png",
        "\u{202e}gnp.exe",
        "javascript:alert(1)",
        "<!-- ",
        "]]>",
        "100% #1?.png",
    ];
    for name in names {
        let page = html(vec![done(name)]);
        assert_eq!(count(&page, "<script"), 1, "{name}");
        assert_eq!(count(&page, "<img"), 1, "{name}");
        assert_eq!(unescaped(&page, "<bdi>", "</bdi>"), name);
        assert_eq!(unescaped(&page, "data-file=\"", "\""), name);
        let url = unescaped(&page, "<img src=\"", "\"");
        assert!(url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%/".contains(&byte)), "{url}");

        let page = Summary::new(vec![failed(name, name)]).with_title(name).to_html().unwrap();
        assert_eq!(count(&page, "<script"), 0, "{name}");
        assert_eq!(unescaped(&page, "<bdi class=\"name\">", "</bdi>"), name);
        assert_eq!(unescaped(&page, "<title>", "</title>"), name);
    }
}

#[test]
fn grades_of_any_scale_are_shown_counted_and_told_apart() {
    let scale = "mine: clear<10,bad & \"worse\"".parse().unwrap();
    let own = CaseOutcome::done(report_of("own.png", &graded_by(scale), &[]), CaseFiles::default());
    let page = html(vec![own, done("a.png")]);
    assert!(page.contains(r#"<option value="1">bad &#38; &#34;worse&#34; (1)</option>"#), "{page}");
    assert!(page.contains(r#"<option value="4">moderate (1)</option>"#));
    assert_eq!(count(&page, r#"data-grade="1""#), 1);
    assert_eq!(count(&page, r#"data-grade="4""#), 1);
    assert!(
        page.contains(r#"<span class="badge" style="--grade:var(--grade-4)">bad"#),
        "the highest has the last colour"
    );
    assert!(page.contains(r#"<span class="badge" style="--grade:var(--grade-2)">moderate"#));
}

#[test]
fn absolute_paths_are_not_on_the_page() {
    let done = CaseOutcome::done(report("/home/somebody/patients/a.png"), CaseFiles::default());
    let page = html(vec![done, failed("/home/somebody/b.png", "/home/somebody/b.png: the file is empty")]);
    let titles = [unescaped(&page, "<bdi>", "</bdi>"), unescaped(&page, "<bdi class=\"name\">", "</bdi>")];
    assert_eq!(titles, ["patients/a.png", "b.png"]);
    assert!(page.contains("<span>b.png: the file is empty</span>"));
    assert!(!page.contains("/home/somebody"));
}

#[test]
fn every_file_is_linked_and_the_first_picture_shown() {
    let file = |kind: FileKind, path: &str| (kind, RelativePath::new(path).unwrap());
    let files = CaseFiles::from_iter([
        file(FileKind::link("a", "First <a>", "about"), "a/a.txt"),
        file(FileKind::picture("b", "Second", "about"), "a/b.png"),
        file(FileKind::picture("c", "Third", "about"), "a/c.png"),
    ]);
    let page = html(vec![CaseOutcome::done(report("a.png"), files)]);
    assert!(page.contains(r#"<a href="a/a.txt">First &#60;a&#62;</a>"#));
    assert!(page.contains(r#"<a href="a/c.png">Third</a>"#));
    assert_eq!(unescaped(&page, "<img src=\"", "\""), "a/b.png");
}

#[test]
fn hostile_warnings_are_text() {
    let warning = "<img src=x onerror=alert(1)>";
    let page = html(vec![CaseOutcome::done(report_of("a", &findings(), &[warning]), CaseFiles::default())]);
    assert_eq!(count(&page, "<img"), 0);
    assert!(page.contains("onerror=alert(1)"));
}

#[test]
fn a_picture_without_size_still_has_a_box() {
    let json = report("a.png").to_json().unwrap().replace("\"width\": 40", "\"width\": 0");
    let report = pulmo_report::CaseReport::from_json(&json).unwrap();
    let page = html(vec![CaseOutcome::done(report, CaseFiles::default())]);
    assert!(page.contains("aspect-ratio:0.500"));
}

#[test]
fn links_are_relative_paths_only() {
    for path in ["", "/etc/passwd"] {
        assert!(matches!(RelativePath::new(path), Err(Error::NotRelative { .. })), "{path:?}");
    }
    assert_eq!(RelativePath::new("../masks/a:b?.png").unwrap().to_url(), "../masks/a%3Ab%3F.png");
    assert_eq!(RelativePath::new("患.png").unwrap().to_url(), "%E6%82%A3.png");
}

proptest! {
    #[test]
    fn any_name_is_text(name in "[^/]{1,60}") {
        prop_assume!(name != "." && name != "..");
        let page = html(vec![done(&name)]);
        prop_assert_eq!(unescaped(&page, "<bdi>", "</bdi>"), name);
        prop_assert_eq!(count(&page, "<script"), 1);
    }
}
