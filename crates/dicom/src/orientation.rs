//! How the rows and columns of the picture lie in the patient.

use crate::dataset::Dataset;
use crate::tags;

/// Where in the patient a row or a column of the picture leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the patient's left.
    Left,
    /// To the patient's right.
    Right,
    /// To the head.
    Head,
    /// To the feet.
    Feet,
    /// To the front.
    Anterior,
    /// To the back.
    Posterior,
}

impl Direction {
    /// The main direction of a value of Patient Orientation (PS3.3, section C.7.6.1.1.1): its first letter.
    fn of(value: &str) -> Option<Self> {
        match value.chars().next()? {
            'L' => Some(Self::Left),
            'R' => Some(Self::Right),
            'H' => Some(Self::Head),
            'F' => Some(Self::Feet),
            'A' => Some(Self::Anterior),
            'P' => Some(Self::Posterior),
            _ => None,
        }
    }
}

/// Where rows (left to right) and columns (top to bottom) lead, where Patient Orientation says it.
pub(crate) fn directions(dataset: &Dataset) -> Option<(Direction, Direction)> {
    match dataset.texts(None, tags::PATIENT_ORIENTATION).as_slice() {
        [row, column] => Some((Direction::of(row)?, Direction::of(column)?)),
        _ => None,
    }
}

/// What turns the stored picture into the usual display of a frontal X-ray: rows lead to the patient's left, columns
/// to the feet. The steps are taken in the order of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Turn {
    /// Rows become columns.
    pub transposed: bool,
    /// Left and right are exchanged.
    pub mirrored: bool,
    /// Top and bottom are exchanged.
    pub upended: bool,
}

impl Turn {
    /// The turn for stated directions; none where they are those of no frontal X-ray.
    #[must_use]
    pub fn from_directions(row: Direction, column: Direction) -> Self {
        let lateral = |direction| matches!(direction, Direction::Left | Direction::Right);
        let vertical = |direction| matches!(direction, Direction::Head | Direction::Feet);
        let transposed = vertical(row) && lateral(column);
        if !(transposed || lateral(row) && vertical(column)) {
            return Self::default();
        }
        let (across, down) = if transposed { (column, row) } else { (row, column) };
        Self { transposed, mirrored: across == Direction::Right, upended: down == Direction::Head }
    }

    /// Whether the picture is displayed as it is stored.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// Turns `width` times `height` values; gives them with their new width and height.
    pub(crate) fn apply<T: Copy>(
        self,
        width: usize,
        height: usize,
        values: Vec<T>,
    ) -> (usize, usize, Vec<T>) {
        if self.is_none() || values.len() != width * height {
            return (width, height, values);
        }
        let (across, down) = if self.transposed { (height, width) } else { (width, height) };
        let mut turned = Vec::with_capacity(values.len());
        for y in 0..down {
            let y = if self.upended { down - 1 - y } else { y };
            for x in 0..across {
                let x = if self.mirrored { across - 1 - x } else { x };
                turned.push(if self.transposed { values[x * width + y] } else { values[y * width + x] });
            }
        }
        (across, down, turned)
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, Turn};

    /// Where each letter of the stored picture, 2 wide and 3 high, comes to lie.
    fn turned(row: Direction, column: Direction) -> (usize, String) {
        let (width, _, values) = Turn::from_directions(row, column).apply(2, 3, "abcdef".chars().collect());
        (width, values.into_iter().collect())
    }

    #[test]
    fn every_frontal_orientation_becomes_the_usual_one() {
        use Direction::{Feet, Head, Left, Right};
        assert_eq!(turned(Left, Feet), (2, "abcdef".into()));
        assert_eq!(turned(Right, Feet), (2, "badcfe".into()));
        assert_eq!(turned(Left, Head), (2, "efcdab".into()));
        assert_eq!(turned(Right, Head), (2, "fedcba".into()));
        assert_eq!(turned(Feet, Left), (3, "acebdf".into()));
        assert_eq!(turned(Feet, Right), (3, "ecafdb".into()));
        assert_eq!(turned(Head, Left), (3, "bdface".into()));
        assert_eq!(turned(Head, Right), (3, "fdbeca".into()));
    }

    #[test]
    fn other_orientations_are_left_alone() {
        assert!(Turn::from_directions(Direction::Anterior, Direction::Feet).is_none());
        assert!(Turn::from_directions(Direction::Left, Direction::Right).is_none());
    }
}
