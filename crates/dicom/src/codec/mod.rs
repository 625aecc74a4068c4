//! From the Pixel Data element to stored values.

mod frame_header;
mod jpeg;
mod jpeg2000;
mod jpegls;
mod native;
mod rle;

use crate::dataset::PixelData;
use crate::error::{Error, Result};
use crate::pixels::Layout;
use crate::syntax::TransferSyntax;

/// StoredFrame values of one frame, row-major, channels interleaved.
#[derive(Debug)]
pub(crate) struct StoredFrame {
    /// The values' bits lie in the low [`bits`](Self::bits); those above are not cleared.
    pub(crate) values: Vec<u16>,
    /// 1 to 16.
    pub(crate) bits: u32,
    /// How far up the low bit lies.
    pub(crate) shift: u32,
    /// Whether the values are two's complements.
    pub(crate) signed: bool,
    /// Whether three channels are red, green and blue, whatever the data set says: decoders convert.
    pub(crate) rgb: bool,
}

/// Decodes the only frame.
pub(crate) fn decode(pixels: PixelData, syntax: TransferSyntax, layout: &Layout) -> Result<StoredFrame> {
    let fragments = match pixels {
        PixelData::Native(bytes) => return native::decode(&bytes, syntax.byte_order(), layout),
        PixelData::Fragments(fragments) => fragments.concat(),
    };
    if fragments.is_empty() {
        return Err(Error::Missing { attribute: "Pixel Data" });
    }
    match syntax {
        TransferSyntax::ImplicitLittleEndian
        | TransferSyntax::ExplicitLittleEndian
        | TransferSyntax::ExplicitBigEndian => {
            Err(Error::malformed("the pixels lie in fragments and the transfer syntax is uncompressed"))
        }
        TransferSyntax::RleLossless => rle::decode(&fragments, layout),
        TransferSyntax::JpegBaseline
        | TransferSyntax::JpegExtended
        | TransferSyntax::JpegLossless
        | TransferSyntax::JpegLosslessFirstOrder => jpeg::decode(&fragments, layout),
        TransferSyntax::JpegLsLossless | TransferSyntax::JpegLsNearLossless => {
            jpegls::decode(&fragments, layout)
        }
        TransferSyntax::Jpeg2000Lossless | TransferSyntax::Jpeg2000 => jpeg2000::decode(&fragments, layout),
    }
}

/// Checks that a compressed image has the size and the channels that the data set says, before it is decoded.
fn check_agreement(codec: &'static str, found: [u64; 3], layout: &Layout) -> Result<()> {
    let expected = [u64::from(layout.columns), u64::from(layout.rows), layout.channels as u64];
    for ((what, found), expected) in ["width", "height", "channels"].into_iter().zip(found).zip(expected) {
        if found != expected {
            return Err(Error::Contradiction { codec, what, found, expected });
        }
    }
    Ok(())
}
