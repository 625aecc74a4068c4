//! The report's page.

use pulmo_segmentation::Task;

use crate::{Result, StudyConfig, StudyTable};

/// The page's file name.
pub(crate) const FILE: &str = "report.md";

/// The tables with what they were made from.
pub(crate) fn page(config: &StudyConfig, cases: &[(Task, usize)], table: &StudyTable) -> Result<String> {
    let mut text = "# Study\n\n".to_owned();
    for (task, count) in cases {
        let networks: Vec<String> = config.networks(*task).iter().map(ToString::to_string).collect();
        let what = if config.subset(*task).is_some() { "a subset of " } else { "" };
        text +=
            &format!("- {task}: {what}{count} images in {} folds; {}\n", config.folds, networks.join(", "));
    }
    text += &format!(
        "\n{}\n## Settings\n\n```json\n{}\n```\n",
        table.to_markdown(),
        serde_json::to_string_pretty(config)?
    );
    Ok(text)
}
