//! File names that do not collide.

use std::collections::HashSet;

/// `name`, or `name` with the first free number after it. Names that differ only in case count as the same, since some
/// file systems do not tell them apart. `taken` remembers the lower-case form of what was given out.
///
/// ```
/// # use std::collections::HashSet;
/// let mut taken = HashSet::new();
/// let names = ["a", "A", "b"].map(|name| pulmo_core::unique_name(name, &mut taken));
/// assert_eq!(names, ["a", "A-2", "b"]);
/// ```
#[must_use]
pub fn unique_name(name: &str, taken: &mut HashSet<String>) -> String {
    let mut unique = name.to_owned();
    let mut number = 2;
    while !taken.insert(unique.to_lowercase()) {
        unique = format!("{name}-{number}");
        number += 1;
    }
    unique
}
