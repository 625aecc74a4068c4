use pulmo_imaging::overlay::palette;

/// What a colour means on the overlays.
pub(super) struct KeyEntry {
    pub(super) name: &'static str,
    /// As CSS.
    pub(super) colour: String,
}

/// The overlay's colours, whose legend the page's thumbnails cut off.
pub(super) fn key() -> [KeyEntry; 3] {
    [
        ("right lung", palette::RIGHT_LUNG.0),
        ("left lung", palette::LEFT_LUNG.0),
        ("infection", palette::INFECTION.0),
    ]
    .map(|(name, [red, green, blue])| KeyEntry { name, colour: format!("rgb({red} {green} {blue})") })
}
