//! SHA-256 against its published test vectors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo_core::{Error, Sha256Digest, Sha256Hasher};

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[test]
fn bytes_parts_and_files_have_one_digest() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    // Longer than what is read at once.
    let long = vec![7_u8; 200_000];
    for bytes in [&b"abc"[..], b"", &long] {
        std::fs::write(&path, bytes).unwrap();
        let digest = Sha256Digest::of(bytes);
        assert_eq!(Sha256Digest::of_file(&path).unwrap(), digest);
        let mut hasher = Sha256Hasher::new();
        bytes.chunks(777).for_each(|chunk| hasher.update(chunk));
        assert_eq!(hasher.finish(), digest);
    }
    assert_eq!(Sha256Digest::of("abc").to_string(), ABC);
    assert!(matches!(Sha256Digest::of_file(&path.join("none")), Err(Error::File { action: "read", .. })));
}

#[test]
fn texts_are_read_in_either_case_and_written_in_lower() {
    let digest = Sha256Digest::of("abc");
    assert_eq!(ABC.to_uppercase().parse::<Sha256Digest>().unwrap(), digest);
    assert_eq!(serde_json::to_string(&digest).unwrap(), format!("\"{ABC}\""));
    assert_eq!(serde_json::from_str::<Sha256Digest>(&format!("\"{ABC}\"")).unwrap(), digest);
    assert_eq!(digest.short(), ABC[..12]);
}

#[test]
fn anything_else_is_refused_with_its_beginning() {
    for bad in ["", "ab", &"0".repeat(63), &"zz".repeat(32), &"é".repeat(32), &"0".repeat(1_000_000)] {
        let error = Sha256Digest::new(bad).unwrap_err();
        assert!(matches!(&error, Error::DigestInvalid { value } if value.chars().count() <= 65), "{error}");
    }
}
