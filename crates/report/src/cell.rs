//! Cells of tables that spreadsheets open.
//!
//! A spreadsheet evaluates a cell that begins like a formula, also in a CSV file. Whatever others chose, such as a file's
//! name, goes through here before it is written.

/// A path that no spreadsheet takes for a formula: `./` stands before it where it begins like one, which leads to the same
/// file.
///
/// ```
/// use pulmo_report::cell;
///
/// assert_eq!(cell::path("=1+1.png"), "./=1+1.png");
/// assert_eq!(cell::path("a/b.png"), "a/b.png");
/// ```
#[must_use]
pub fn path(path: &str) -> String {
    guarded(path, "./")
}

/// A text that no spreadsheet takes for a formula: an apostrophe stands before it where it begins like one. Numbers stay as
/// they are.
///
/// ```
/// use pulmo_report::cell;
///
/// assert_eq!(cell::text("@SUM(A1)"), "'@SUM(A1)");
/// assert_eq!(cell::text("-0.5"), "-0.5");
/// assert_eq!(cell::text(&cell::text("=1")), cell::text("=1"));
/// ```
#[must_use]
pub fn text(text: &str) -> String {
    guarded(text, "'")
}

fn guarded(text: &str, guard: &str) -> String {
    const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
    let is_number = || text.parse::<f64>().is_ok();
    if text.starts_with(FORMULA_STARTS) && !is_number() { format!("{guard}{text}") } else { text.to_owned() }
}
