//! The append-only ledger: a chain of hashed JSON lines.
//!
//! Writers take a file lock, read what others have appended, check their own entry against it, append it in one write
//! and synchronise it to the disk. Whatever follows the last whole entry when nobody holds the lock was never
//! confirmed.

mod line;
mod lock;
mod repair;
mod scan;

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pulmo_core::{Sha256Digest, files};
pub use repair::Repair;

use crate::error::{Error, Result};
use crate::event::{Entry, Event};
use crate::name::Reviewer;
use lock::Lock;
use scan::{Tail, scan};

/// The ledger's file name in a project.
pub const LEDGER_FILE: &str = "ledger.jsonl";

/// A ledger as far as it has been read.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: File,
    offset: u64,
    head: Head,
}

/// The end of the chain: write it down elsewhere, and no entry can be changed, removed or inserted unnoticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of entries.
    pub entries: u64,
    /// Hash of the last entry, zeros where there is none.
    pub hash: Sha256Digest,
}

impl Head {
    const EMPTY: Self = Self { entries: 0, hash: Sha256Digest::ZERO };
}

/// What opening a ledger gives.
#[derive(Debug)]
pub struct Opened {
    /// The ledger, read to its end.
    pub ledger: Ledger,
    /// All entries.
    pub entries: Vec<Entry>,
    /// What was repaired at its end, if anything.
    pub repair: Option<Repair>,
}

impl Ledger {
    /// Makes an empty ledger in `folder`.
    ///
    /// # Errors
    /// There is one already, or the folder cannot be written.
    pub fn create(folder: &Path) -> Result<Self> {
        Self::create_file(folder)
    }

    /// Makes a ledger in `folder` whose first entry is what `prepare` makes. Nobody else can write or begin one in the
    /// meantime; a ledger that was left without an entry is replaced.
    ///
    /// # Errors
    /// [`Error::Occupied`] where there is an entry already; what `prepare` refuses; [`Error::Core`].
    pub(crate) fn begin(
        folder: &Path,
        by: &Reviewer,
        prepare: impl FnOnce() -> Result<Event>,
    ) -> Result<(Self, Entry)> {
        let lock = Lock::take(folder)?;
        let path = folder.join(LEDGER_FILE);
        if path.exists() {
            if !Self::open_file(folder)?.read_as_writer(&lock)?.0.is_empty() {
                return Err(Error::Occupied { path: folder.to_owned() });
            }
            std::fs::remove_file(&path).map_err(Error::file("remove", &path))?;
        }
        let event = prepare()?;
        let mut ledger = Self::create_file(folder)?;
        let entry = ledger.write(by, event)?;
        Ok((ledger, entry))
    }

    fn create_file(folder: &Path) -> Result<Self> {
        let path = folder.join(LEDGER_FILE);
        let file = OpenOptions::new().create_new(true).read(true).append(true).open(&path);
        let file = file.map_err(Error::file("create", &path))?;
        files::sync_folder(folder)?;
        Ok(Self { path, file, offset: 0, head: Head::EMPTY })
    }

    /// Opens the ledger in `folder`, checks its whole chain, and repairs a torn tail: the bytes that a killed writer
    /// left are moved to a file beside it, which [`Repair`] names.
    ///
    /// # Errors
    /// [`Error::Tampered`] with the first entry that does not fit; [`Error::Core`].
    pub fn open(folder: &Path) -> Result<Opened> {
        let mut ledger = Self::open_file(folder)?;
        let lock = Lock::take(folder)?;
        let (entries, repair) = ledger.read_as_writer(&lock)?;
        Ok(Opened { ledger, entries, repair })
    }

    fn open_file(folder: &Path) -> Result<Self> {
        let path = folder.join(LEDGER_FILE);
        let file = OpenOptions::new().read(true).append(true).open(&path);
        let file = file.map_err(Error::file("open", &path))?;
        Ok(Self { path, file, offset: 0, head: Head::EMPTY })
    }

    /// Reads the entries that others have appended; a line that is being written is left for the next time.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn refresh(&mut self) -> Result<Vec<Entry>> {
        let bytes = self.unread()?;
        let read = scan(&bytes, self.head)?;
        self.advance(read.head, read.whole);
        Ok(read.entries)
    }

    /// Appends what `decide` makes of the entries that others have appended in the meantime; gives the new entry and
    /// its hash. When this returns, the entry is on the disk.
    ///
    /// # Errors
    /// What `decide` refuses (nothing is then written); [`Error::Core`]; as [`open`](Self::open).
    pub fn append(
        &mut self,
        by: &Reviewer,
        decide: impl FnOnce(Vec<Entry>) -> Result<Event>,
    ) -> Result<(Entry, Sha256Digest)> {
        let folder = self.path.parent().map_or_else(|| PathBuf::from("."), Path::to_owned);
        let lock = Lock::take(&folder)?;
        let (entries, _) = self.read_as_writer(&lock)?;
        let entry = self.write(by, decide(entries)?)?;
        Ok((entry, self.head.hash))
    }

    /// The end of the chain as far as it has been read.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// The bytes of the entries that have been read, and of none behind them.
    ///
    /// # Errors
    /// [`Error::Core`].
    pub(crate) fn bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = File::open(&self.path).and_then(|file| file.take(self.offset).read_to_end(&mut bytes));
        read.map_err(Error::file("read", &self.path))?;
        Ok(bytes)
    }

    fn write(&mut self, by: &Reviewer, event: Event) -> Result<Entry> {
        let time = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
        let entry = Entry { seq: self.head.entries, time, by: by.clone(), previous: self.head.hash, event };
        let (line, hash) = line::encode(&entry)?;
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        if let Err(reason) = written {
            // What stands there was not confirmed; a failure to cut it leaves a torn tail, which the next writer cuts.
            let _cut = self.file.set_len(self.offset);
            return Err(Error::file("append to", &self.path)(reason));
        }
        self.advance(Head { entries: self.head.entries + 1, hash }, line.len());
        Ok(entry)
    }

    /// Reads to the end under the lock, so that an unfinished line is nobody's work in progress.
    fn read_as_writer(&mut self, _lock: &Lock) -> Result<(Vec<Entry>, Option<Repair>)> {
        let bytes = self.unread()?;
        let read = scan(&bytes, self.head)?;
        self.advance(read.head, read.whole);
        let mut entries = read.entries;
        let tail = bytes.get(read.whole..).unwrap_or_default();
        let repair = match read.tail {
            Tail::None => return Ok((entries, None)),
            Tail::WithoutNewline(entry, hash) => {
                let repair = repair::end_line(&mut self.file, &self.path, entry.seq)?;
                self.advance(Head { entries: self.head.entries + 1, hash }, tail.len() + 1);
                entries.push(*entry);
                repair
            }
            Tail::Torn => repair::cut(&self.file, &self.path, self.offset, self.head.entries, tail)?,
        };
        Ok((entries, Some(repair)))
    }

    fn unread(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let length = self.file.metadata().map_err(Error::file("read", &self.path))?.len();
        if length < self.offset {
            let reason =
                format!("the ledger was cut from {} to {length} bytes while it was open", self.offset);
            return Err(Error::Tampered { entry: self.head.entries, reason });
        }
        let read =
            self.file.seek(SeekFrom::Start(self.offset)).and_then(|_| self.file.read_to_end(&mut bytes));
        read.map_err(Error::file("read", &self.path))?;
        Ok(bytes)
    }

    fn advance(&mut self, head: Head, bytes: usize) {
        self.head = head;
        self.offset += bytes as u64;
    }
}
