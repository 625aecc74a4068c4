//! What a task is learned from.

use pulmo_data::Needs;
use pulmo_segmentation::Task;

/// The masks that a task is trained and tested on.
#[must_use]
pub fn needs(task: Task) -> Needs {
    task.into()
}
