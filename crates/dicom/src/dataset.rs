//! The attributes of interest of a data set, as bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;

use dicom_core::Tag;
use dicom_parser::dataset::LazyDataToken;
use dicom_parser::dataset::lazy_read::LazyDataSetReader;
use dicom_transfer_syntax_registry::entries;
use pulmo_imaging::guarded;

use crate::error::{Error, Result};
use crate::syntax::{ByteOrder, TransferSyntax};
use crate::tags;
use crate::unknown;

/// What the Pixel Data element holds.
#[derive(Debug)]
pub(crate) enum PixelData {
    Native(Vec<u8>),
    /// The fragments of the only frame, without the offset table.
    Fragments(Vec<Vec<u8>>),
}

/// The attributes of [`tags::is_read`]; everything else was passed over unread.
#[derive(Debug)]
pub(crate) struct Dataset {
    order: ByteOrder,
    values: BTreeMap<(Option<Tag>, Tag), Vec<u8>>,
    pixels: Option<PixelData>,
}

impl Dataset {
    /// Reads a data set that begins after the meta information.
    pub(crate) fn read(bytes: &[u8], syntax: TransferSyntax) -> Result<Self> {
        guarded(|| Walk::over(bytes, syntax))
            .unwrap_or_else(|| Err(Error::malformed("the parser gave up on its data set")))
    }

    /// The bytes of an attribute, of the data set or of a sequence's first item.
    pub(crate) fn bytes(&self, sequence: Option<Tag>, tag: Tag) -> Option<&[u8]> {
        self.values.get(&(sequence, tag)).map(Vec::as_slice).filter(|bytes| !bytes.is_empty())
    }

    /// The 16-bit numbers of an attribute.
    pub(crate) fn shorts(&self, sequence: Option<Tag>, tag: Tag) -> Option<Vec<u16>> {
        let pairs = self.bytes(sequence, tag)?.chunks_exact(2);
        Some(pairs.map(|pair| self.order.u16([pair[0], pair[1]])).collect())
    }

    /// The first 16-bit number of an attribute.
    pub(crate) fn short(&self, tag: Tag) -> Option<u16> {
        self.shorts(None, tag)?.first().copied()
    }

    /// The values of a text attribute, separated by backslashes, upper-case and trimmed.
    pub(crate) fn texts(&self, sequence: Option<Tag>, tag: Tag) -> Vec<String> {
        let text = String::from_utf8_lossy(self.bytes(sequence, tag).unwrap_or_default()).to_uppercase();
        text.split('\\').map(|value| value.trim_matches(['\0', ' ']).to_owned()).collect()
    }

    /// The first value of a text attribute; empty where there is none.
    pub(crate) fn text(&self, tag: Tag) -> String {
        self.texts(None, tag).into_iter().next().unwrap_or_default()
    }

    /// The first value of a decimal or integer string, where it is a finite number.
    pub(crate) fn number(&self, tag: Tag) -> Option<f64> {
        self.text(tag).parse().ok().filter(|number: &f64| number.is_finite())
    }

    pub(crate) fn take_pixels(&mut self) -> Result<PixelData> {
        self.pixels.take().ok_or(Error::Missing { attribute: "Pixel Data" })
    }
}

/// Where the walk is.
struct Level {
    /// The sequence's tag.
    tag: Tag,
    /// Items that have begun.
    items: usize,
}

struct Walk {
    levels: Vec<Level>,
    found: Dataset,
    fragments: Vec<Vec<u8>>,
}

impl Walk {
    fn over(bytes: &[u8], syntax: TransferSyntax) -> Result<Dataset> {
        let encoding = match syntax {
            TransferSyntax::ImplicitLittleEndian => entries::IMPLICIT_VR_LITTLE_ENDIAN.erased(),
            TransferSyntax::ExplicitBigEndian => entries::EXPLICIT_VR_BIG_ENDIAN.erased(),
            _ => entries::EXPLICIT_VR_LITTLE_ENDIAN.erased(),
        };
        let bytes = match syntax {
            TransferSyntax::ImplicitLittleEndian | TransferSyntax::ExplicitBigEndian => Cow::Borrowed(bytes),
            _ => unknown::measured(bytes),
        };
        let mut reader = LazyDataSetReader::new_with_ts(Cursor::new(bytes.as_ref()), &encoding)
            .map_err(Error::malformed)?;
        let found = Dataset { order: syntax.byte_order(), values: BTreeMap::new(), pixels: None };
        let mut walk = Self { levels: Vec::new(), found, fragments: Vec::new() };
        while let Some(token) = reader.advance() {
            walk.step(token.map_err(Error::malformed)?)?;
            if walk.levels.is_empty() && walk.found.pixels.is_some() {
                break;
            }
        }
        match walk.levels.is_empty() {
            true => Ok(walk.found),
            false => Err(Error::Truncated { place: "a sequence of its data set" }),
        }
    }

    fn step<D: dicom_parser::StatefulDecode>(&mut self, token: LazyDataToken<D>) -> Result<()> {
        match token {
            LazyDataToken::SequenceStart { tag, .. } => self.levels.push(Level { tag, items: 0 }),
            LazyDataToken::PixelSequenceStart => self.levels.push(Level { tag: tags::PIXEL_DATA, items: 0 }),
            LazyDataToken::SequenceEnd => {
                let ended = self.levels.pop();
                if self.levels.is_empty() && ended.is_some_and(|level| level.tag == tags::PIXEL_DATA) {
                    self.found.pixels = Some(PixelData::Fragments(std::mem::take(&mut self.fragments)));
                }
            }
            LazyDataToken::ItemStart { .. } => {
                if let Some(level) = self.levels.last_mut() {
                    level.items += 1;
                }
            }
            LazyDataToken::LazyItemValue { len, .. } => self.fragment(len, token)?,
            LazyDataToken::LazyValue { header, .. } => self.value(header, token)?,
            _ => {}
        }
        Ok(())
    }

    /// A fragment of the pixel data; the first item is the offset table, which one frame has no need of.
    fn fragment<D: dicom_parser::StatefulDecode>(
        &mut self,
        length: u32,
        token: LazyDataToken<D>,
    ) -> Result<()> {
        let wanted =
            matches!(self.levels.as_slice(), [only] if only.tag == tags::PIXEL_DATA && only.items > 1);
        if !wanted {
            return token.skip().map_err(Error::malformed);
        }
        self.fragments.push(whole(length, token, "the pixel data")?);
        Ok(())
    }

    fn value<D: dicom_parser::StatefulDecode>(
        &mut self,
        header: dicom_core::DataElementHeader,
        token: LazyDataToken<D>,
    ) -> Result<()> {
        let place = match self.levels.as_slice() {
            [] => Some(None),
            [only] if only.items == 1 => Some(Some(only.tag)),
            _ => None,
        };
        let Some(sequence) = place.filter(|sequence| tags::is_read(*sequence, header.tag)) else {
            return token.skip().map_err(Error::malformed);
        };
        let part = if header.tag == tags::PIXEL_DATA { "the pixel data" } else { "its data set" };
        let bytes = whole(header.len.0, token, part)?;
        if header.tag == tags::PIXEL_DATA {
            self.found.pixels = Some(PixelData::Native(bytes));
        } else {
            self.found.values.insert((sequence, header.tag), bytes);
        }
        Ok(())
    }
}

/// The bytes of a value, all of them.
fn whole<D: dicom_parser::StatefulDecode>(
    length: u32,
    token: LazyDataToken<D>,
    place: &'static str,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    token.read_value_into(&mut bytes).map_err(Error::malformed)?;
    if bytes.len() < length as usize {
        return Err(Error::Truncated { place });
    }
    Ok(bytes)
}
