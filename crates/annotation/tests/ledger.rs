//! The ledger: any history is read as it was written, any change is found, any cut loses nothing that was confirmed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;

use proptest::prelude::*;
use pulmo_annotation::{
    BatchVerdict, Decided, DoctorVerdict, Entry, Error, Event, ImageId, Judgement, LEDGER_FILE, Ledger,
    PanelVerdict, Repair, Sha256Digest, VerificationVerdict,
};
use support::{name, reviewer};

fn judgement() -> impl Strategy<Value = Judgement> {
    prop_oneof![
        Just(Judgement::Batch(BatchVerdict::Accept)),
        Just(Judgement::Batch(BatchVerdict::Reject)),
        Just(Judgement::Batch(BatchVerdict::Unsure)),
        Just(Judgement::Doctor(DoctorVerdict::Adjust)),
        (1_usize..7).prop_map(|place| Judgement::Panel(PanelVerdict::Pick(place))),
        Just(Judgement::Panel(PanelVerdict::Deny)),
        Just(Judgement::Verification(VerificationVerdict::Confirm)),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let decided = ("[ -~é]{0,12}", judgement(), any::<Option<[u8; 4]>>(), any::<Option<f64>>(), 0.0..1e5_f64);
    let decided = decided.prop_map(|(image, judgement, mask, dsc, seconds)| {
        Event::Decided(Decided {
            image: ImageId::new(format!("i{}", image.trim_end())).unwrap(),
            sha256: Sha256Digest::of(image.as_bytes()),
            iteration: 3,
            networks: vec![name("unet-a"), name("fpn-a")],
            judgement,
            mask: mask.map(Sha256Digest::of),
            dsc: dsc.filter(|dsc| dsc.is_finite()),
            seconds,
        })
    });
    prop_oneof![4 => decided, 1 => any::<u64>().prop_map(|entry| Event::Undone { entry })]
}

/// A ledger of these events, its entries, and the end of every line with its newline.
fn written(folder: &Path, events: &[Event]) -> (Vec<Entry>, Vec<usize>) {
    let mut ledger = Ledger::create(folder).unwrap();
    let mut entries = Vec::new();
    for (number, event) in events.iter().enumerate() {
        let by = reviewer(["Ada", "Grace \"the\" Reader"][number % 2]);
        entries.push(ledger.append(&by, |_| Ok(event.clone())).unwrap().0);
    }
    let bytes = std::fs::read(folder.join(LEDGER_FILE)).unwrap();
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    (entries, ends)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_written_is_read(events in prop::collection::vec(event(), 0..8)) {
        let folder = tempfile::tempdir().unwrap();
        let (entries, _) = written(folder.path(), &events);
        let opened = Ledger::open(folder.path()).unwrap();
        prop_assert_eq!(opened.repair, None);
        prop_assert_eq!(opened.ledger.head().entries, events.len() as u64);
        prop_assert_eq!(&opened.entries, &entries);
        let read: Vec<Event> = opened.entries.into_iter().map(|entry| entry.event).collect();
        prop_assert_eq!(read, events);
    }

    #[test]
    fn any_changed_byte_is_found_with_its_entry(
        events in prop::collection::vec(event(), 1..6),
        at in any::<prop::sample::Index>(),
        change in 1_u8..=255,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (_, ends) = written(folder.path(), &events);
        let path = folder.path().join(LEDGER_FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        std::fs::write(&path, &bytes).unwrap();
        let line = ends.iter().position(|&end| at < end).unwrap() as u64;
        match Ledger::open(folder.path()) {
            Err(Error::Tampered { entry, .. }) => prop_assert_eq!(entry, line),
            other => prop_assert!(false, "{:?}", other.map(|opened| opened.entries.len())),
        }
        prop_assert_eq!(std::fs::read(&path).unwrap(), bytes, "a ledger that was tampered with is left alone");
    }

    #[test]
    fn any_cut_keeps_every_whole_entry_and_every_byte(
        events in prop::collection::vec(event(), 1..6),
        at in any::<prop::sample::Index>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (entries, ends) = written(folder.path(), &events);
        let path = folder.path().join(LEDGER_FILE);
        let bytes = std::fs::read(&path).unwrap();
        let at = at.index(bytes.len() + 1);
        std::fs::write(&path, &bytes[..at]).unwrap();
        let whole = ends.iter().filter(|&&end| end - 1 <= at).count();

        let opened = Ledger::open(folder.path()).unwrap();
        prop_assert_eq!(&opened.entries[..], &entries[..whole]);
        let kept = ends[..whole].last().copied().unwrap_or(0);
        match opened.repair {
            None => prop_assert_eq!(at, kept),
            Some(Repair::Ended { entry }) => prop_assert_eq!((at + 1, entry + 1), (kept, whole as u64)),
            Some(Repair::Cut { entry, bytes: cut, kept: file }) => {
                prop_assert_eq!((entry, cut), (whole as u64, at - kept));
                prop_assert_eq!(&std::fs::read(file).unwrap()[..], &bytes[kept..at]);
            }
            Some(other) => prop_assert!(false, "{other:?}"),
        }

        // The chain goes on from there.
        let mut ledger = opened.ledger;
        ledger.append(&reviewer("Ada"), |_| Ok(Event::Undone { entry: 7 })).unwrap();
        let again = Ledger::open(folder.path()).unwrap();
        prop_assert_eq!(again.repair, None);
        prop_assert_eq!(again.entries.len(), whole + 1);
    }
}

#[test]
fn removed_swapped_and_doubled_entries_are_found() {
    let events: Vec<Event> = (0..4).map(|entry| Event::Undone { entry }).collect();
    for (what, order) in [
        ("removed in the middle", &[0, 2, 3][..]),
        ("removed in front", &[1, 2, 3]),
        ("swapped", &[0, 2, 1, 3]),
        ("doubled", &[0, 1, 1, 2, 3]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), &events);
        let path = folder.path().join(LEDGER_FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let changed: String = order.iter().map(|&line| format!("{}\n", lines[line])).collect();
        std::fs::write(&path, changed).unwrap();
        let error = Ledger::open(folder.path()).unwrap_err();
        let first = order.iter().enumerate().find(|(at, line)| at != *line).unwrap().0 as u64;
        assert!(matches!(error, Error::Tampered { entry, .. } if entry == first), "{what}: {error}");
        assert!(error.to_string().contains("was tampered with"), "{error}");
    }
}

#[test]
fn a_killed_writers_tail_is_cut_by_the_next_writer_not_by_a_reader() {
    let folder = tempfile::tempdir().unwrap();
    let mut reader = Ledger::create(folder.path()).unwrap();
    let mut writer = Ledger::open(folder.path()).unwrap().ledger;
    writer.append(&reviewer("Ada"), |_| Ok(Event::Undone { entry: 1 })).unwrap();
    let path = folder.path().join(LEDGER_FILE);
    let torn = [std::fs::read(&path).unwrap(), b"{\"hash\":\"12".to_vec()].concat();
    std::fs::write(&path, &torn).unwrap();

    assert_eq!(reader.refresh().unwrap().len(), 1, "the whole line is read");
    assert_eq!(std::fs::read(&path).unwrap(), torn, "a reader cannot know whether somebody is writing");
    reader.append(&reviewer("Grace"), |_| Ok(Event::Undone { entry: 2 })).unwrap();
    assert_eq!(Ledger::open(folder.path()).unwrap().entries.len(), 2);
    let kept = std::fs::read_dir(folder.path()).unwrap().filter_map(Result::ok);
    let kept: Vec<_> = kept.filter(|file| file.file_name().to_string_lossy().contains("torn")).collect();
    assert_eq!(std::fs::read(kept[0].path()).unwrap(), b"{\"hash\":\"12");
}

#[test]
fn a_ledger_cut_under_an_open_reader_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(folder.path()).unwrap();
    ledger.append(&reviewer("Ada"), |_| Ok(Event::Undone { entry: 1 })).unwrap();
    std::fs::write(folder.path().join(LEDGER_FILE), "").unwrap();
    assert!(matches!(ledger.refresh(), Err(Error::Tampered { entry: 1, .. })));
}

#[test]
fn what_is_refused_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(folder.path()).unwrap();
    let refused = ledger.append(&reviewer("Ada"), |_| Err(Error::OutOfOrder { reason: "no".to_owned() }));
    assert!(refused.is_err());
    assert_eq!(std::fs::read(folder.path().join(LEDGER_FILE)).unwrap(), b"");
}
