//! DICOM files, written byte by byte.

/// Tag, value representation and value.
type Element = ((u16, u16), [u8; 2], Vec<u8>);

/// A DICOM file in Explicit VR Little Endian.
#[derive(Debug, Clone)]
#[must_use]
pub struct DicomFile {
    elements: Vec<Element>,
    syntax: &'static str,
}

impl DicomFile {
    /// A grey image of 16 bits allocated.
    pub fn grey(width: u16, height: u16, values: &[u16]) -> Self {
        let file = Self { elements: Vec::new(), syntax: "1.2.840.10008.1.2.1" };
        let pixels = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        file.text((0x0028, 0x0004), b"CS", "MONOCHROME2")
            .short((0x0028, 0x0002), 1)
            .short((0x0028, 0x0010), height)
            .short((0x0028, 0x0011), width)
            .short((0x0028, 0x0100), 16)
            .short((0x0028, 0x0101), 16)
            .short((0x0028, 0x0102), 15)
            .short((0x0028, 0x0103), 0)
            .element((0x7FE0, 0x0010), b"OW", pixels)
    }

    /// A grey image of 8 bits stored, which reads as a PNG of the same levels does.
    pub fn levels(width: u32, height: u32, levels: &[u8]) -> Self {
        let values: Vec<u16> = levels.iter().map(|&level| u16::from(level)).collect();
        Self::grey(width as u16, height as u16, &values).short((0x0028, 0x0101), 8).short((0x0028, 0x0102), 7)
    }

    /// Names a transfer syntax; the data set stays as it is.
    pub fn syntax(self, uid: &'static str) -> Self {
        Self { syntax: uid, ..self }
    }

    /// Sets an element, in place of one of the same tag.
    pub fn element(mut self, tag: (u16, u16), vr: &[u8; 2], value: Vec<u8>) -> Self {
        self.elements.retain(|(other, ..)| *other != tag);
        self.elements.push((tag, *vr, value));
        self.elements.sort_by_key(|(tag, ..)| *tag);
        self
    }

    /// Removes an element.
    pub fn without(mut self, tag: (u16, u16)) -> Self {
        self.elements.retain(|(other, ..)| *other != tag);
        self
    }

    /// Sets an element of one 16-bit number.
    pub fn short(self, tag: (u16, u16), value: u16) -> Self {
        self.element(tag, b"US", value.to_le_bytes().to_vec())
    }

    /// Sets an element of text.
    pub fn text(self, tag: (u16, u16), vr: &[u8; 2], value: &str) -> Self {
        let mut bytes = value.as_bytes().to_vec();
        if bytes.len() % 2 == 1 {
            bytes.push(b' ');
        }
        self.element(tag, vr, bytes)
    }

    /// Sets a sequence of one item.
    pub fn sequence(self, tag: (u16, u16), item: &Self) -> Self {
        let content = item.data_set();
        let mut value = vec![0xFE, 0xFF, 0x00, 0xE0];
        value.extend((content.len() as u32).to_le_bytes());
        value.extend(content);
        self.element(tag, b"SQ", value)
    }

    /// An item of a sequence.
    pub fn item() -> Self {
        Self { elements: Vec::new(), syntax: "" }
    }

    /// Sets center and width of the window.
    pub fn window(self, center: &str, width: &str) -> Self {
        self.text((0x0028, 0x1050), b"DS", center).text((0x0028, 0x1051), b"DS", width)
    }

    fn data_set(&self) -> Vec<u8> {
        self.elements.iter().flat_map(|(tag, vr, value)| encoded(*tag, *vr, value)).collect()
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut uid = self.syntax.as_bytes().to_vec();
        if uid.len() % 2 == 1 {
            uid.push(0);
        }
        let mut bytes = vec![0; 128];
        bytes.extend(b"DICM");
        bytes.extend(encoded((0x0002, 0x0010), *b"UI", &uid));
        bytes.extend(self.data_set());
        bytes
    }
}

fn encoded(tag: (u16, u16), vr: [u8; 2], value: &[u8]) -> Vec<u8> {
    let mut bytes = [tag.0.to_le_bytes(), tag.1.to_le_bytes(), vr].concat();
    if [*b"OW", *b"OB", *b"SQ", *b"UN"].contains(&vr) {
        bytes.extend([0, 0]);
        bytes.extend((value.len() as u32).to_le_bytes());
    } else {
        bytes.extend((value.len() as u16).to_le_bytes());
    }
    bytes.extend(value);
    bytes
}
