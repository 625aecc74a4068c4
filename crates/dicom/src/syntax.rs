//! Transfer syntaxes: how a data set and its pixels are written.

use crate::error::{Error, Result};

/// A transfer syntax that is read (PS3.6, table A-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransferSyntax {
    /// Uncompressed, value representations left out.
    ImplicitLittleEndian,
    /// Uncompressed.
    ExplicitLittleEndian,
    /// Uncompressed, most significant byte first (retired).
    ExplicitBigEndian,
    /// Run lengths, lossless.
    RleLossless,
    /// JPEG baseline, 8 bits, lossy.
    JpegBaseline,
    /// JPEG extended, lossy; read where it has 8 bits.
    JpegExtended,
    /// JPEG lossless, process 14.
    JpegLossless,
    /// JPEG lossless, process 14, selection value 1.
    JpegLosslessFirstOrder,
    /// JPEG-LS lossless.
    JpegLsLossless,
    /// JPEG-LS within a tolerance.
    JpegLsNearLossless,
    /// JPEG 2000, lossless.
    Jpeg2000Lossless,
    /// JPEG 2000, lossless or lossy.
    Jpeg2000,
}

/// The bytes of an uncompressed number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    pub(crate) fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }
}

/// Standard transfer syntaxes that are not read.
const REFUSED: [(&str, &str); 13] = [
    ("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian"),
    ("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression"),
    ("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Multi-component Lossless"),
    ("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2 Multi-component"),
    ("1.2.840.10008.1.2.4.94", "JPIP Referenced"),
    ("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 (Lossless Only)"),
    ("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)"),
    ("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000"),
    ("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile"),
    ("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile"),
    ("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"),
    ("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression"),
    ("1.2.840.10008.1.2.4.112", "JPEG XL"),
];

/// Longest UID (PS3.5, section 9.1).
const LONGEST_UID: usize = 64;

impl TransferSyntax {
    /// All that are read.
    pub const ALL: [Self; 12] = [
        Self::ImplicitLittleEndian,
        Self::ExplicitLittleEndian,
        Self::ExplicitBigEndian,
        Self::RleLossless,
        Self::JpegBaseline,
        Self::JpegExtended,
        Self::JpegLossless,
        Self::JpegLosslessFirstOrder,
        Self::JpegLsLossless,
        Self::JpegLsNearLossless,
        Self::Jpeg2000Lossless,
        Self::Jpeg2000,
    ];

    /// The transfer syntax of a UID.
    ///
    /// # Errors
    ///
    /// [`Error::TransferSyntax`].
    pub fn from_uid(uid: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|syntax| syntax.uid() == uid);
        found.ok_or_else(|| {
            let name = REFUSED.iter().find(|(known, _)| *known == uid).map_or("unknown", |(_, name)| name);
            let is_uid = |c: &char| c.is_ascii_digit() || *c == '.';
            Error::TransferSyntax { uid: uid.chars().filter(is_uid).take(LONGEST_UID).collect(), name }
        })
    }

    /// Its UID.
    #[must_use]
    pub const fn uid(self) -> &'static str {
        match self {
            Self::ImplicitLittleEndian => "1.2.840.10008.1.2",
            Self::ExplicitLittleEndian => "1.2.840.10008.1.2.1",
            Self::ExplicitBigEndian => "1.2.840.10008.1.2.2",
            Self::RleLossless => "1.2.840.10008.1.2.5",
            Self::JpegBaseline => "1.2.840.10008.1.2.4.50",
            Self::JpegExtended => "1.2.840.10008.1.2.4.51",
            Self::JpegLossless => "1.2.840.10008.1.2.4.57",
            Self::JpegLosslessFirstOrder => "1.2.840.10008.1.2.4.70",
            Self::JpegLsLossless => "1.2.840.10008.1.2.4.80",
            Self::JpegLsNearLossless => "1.2.840.10008.1.2.4.81",
            Self::Jpeg2000Lossless => "1.2.840.10008.1.2.4.90",
            Self::Jpeg2000 => "1.2.840.10008.1.2.4.91",
        }
    }

    /// Its name in the standard.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ImplicitLittleEndian => "Implicit VR Little Endian",
            Self::ExplicitLittleEndian => "Explicit VR Little Endian",
            Self::ExplicitBigEndian => "Explicit VR Big Endian",
            Self::RleLossless => "RLE Lossless",
            Self::JpegBaseline => "JPEG Baseline (Process 1)",
            Self::JpegExtended => "JPEG Extended (Process 2 & 4)",
            Self::JpegLossless => "JPEG Lossless (Process 14)",
            Self::JpegLosslessFirstOrder => {
                "JPEG Lossless, First-Order Prediction (Process 14, Selection Value 1)"
            }
            Self::JpegLsLossless => "JPEG-LS Lossless",
            Self::JpegLsNearLossless => "JPEG-LS Lossy (Near-Lossless)",
            Self::Jpeg2000Lossless => "JPEG 2000 (Lossless Only)",
            Self::Jpeg2000 => "JPEG 2000",
        }
    }

    pub(crate) const fn byte_order(self) -> ByteOrder {
        match self {
            Self::ExplicitBigEndian => ByteOrder::Big,
            _ => ByteOrder::Little,
        }
    }
}

impl std::fmt::Display for TransferSyntax {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
