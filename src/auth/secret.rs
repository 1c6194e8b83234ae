//! The secrets of access tokens and robots: made by us, so that nobody can guess them and a plain hash suffices.
//!
//! `hbp_` or `hbr_`, 30 random letters and digits (178 bits), and six that check the others: scanners of source code find
//! them by that form and can tell them from what only looks alike.

use std::fmt::Write as _;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Random letters: log2(62^30) is 178.
const RANDOM: usize = 30;
/// Letters that check the others: 62^6 is more than 2^32.
const CHECK: usize = 6;

/// Whose secret it is, as its beginning tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecretKind {
    AccessToken,
    Robot,
}

impl SecretKind {
    const ALL: [Self; 2] = [Self::AccessToken, Self::Robot];

    const fn prefix(self) -> &'static str {
        match self {
            Self::AccessToken => "hbp_",
            Self::Robot => "hbr_",
        }
    }

    /// What `text` is a secret of, if it has a secret's form: then it is nobody's password.
    pub(super) fn of(text: &str) -> Option<Self> {
        let kind = Self::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))?;
        let (checked, check) = text.split_at_checked(kind.prefix().len() + RANDOM)?;
        (check == checksum(checked)).then_some(kind)
    }

    /// A secret that nobody knows yet.
    pub(super) fn random(self) -> Result<SecretString, getrandom::Error> {
        let mut secret = String::with_capacity(self.prefix().len() + RANDOM + CHECK);
        secret.push_str(self.prefix());
        let mut bytes = [0; RANDOM];
        while secret.len() < self.prefix().len() + RANDOM {
            getrandom::fill(&mut bytes)?;
            // Bytes above the last multiple of 62 are drawn again, so that each letter is equally likely.
            let letters = bytes.iter().filter(|byte| **byte < 248).map(|byte| ALPHABET[usize::from(*byte) % 62]);
            let room = self.prefix().len() + RANDOM - secret.len();
            secret.extend(letters.take(room).map(char::from));
        }
        secret.push_str(&checksum(&secret));
        Ok(secret.into())
    }
}

/// What is kept of a secret: its SHA-256 in hexadecimal digits.
pub(super) fn hash(secret: &SecretString) -> String {
    Sha256::digest(secret.expose_secret()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether two hashes are the same, in a time that does not tell where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// The CRC-32 of `text` (ISO 3309, as in gzip), in six letters of the alphabet.
fn checksum(text: &str) -> String {
    let mut crc = !0_u32;
    for byte in text.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    let mut rest = !crc;
    let mut letters = [b'0'; CHECK];
    for letter in letters.iter_mut().rev() {
        // Below 62.
        *letter = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    letters.map(char::from).iter().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_secret_is_found_by_its_form_and_by_nothing_else() {
        for kind in SecretKind::ALL {
            let secret = kind.random().unwrap();
            let text = secret.expose_secret();
            assert_eq!((text.len(), SecretKind::of(text)), (40, Some(kind)), "{text}");
            let last = if text.ends_with('0') { "1" } else { "0" };
            let mistyped = format!("{}{last}", &text[..39]);
            for other in [&text[..39], &mistyped, &format!("{text}0"), &text[4..], "hbp_", "hbp_密码", ""] {
                assert_eq!(SecretKind::of(other), None, "{other}");
            }
        }
    }

    #[test]
    fn the_checksum_is_the_one_that_everyone_computes() {
        // CRC-32 of `123456789` is cbf43926, the check value of its catalogue (reveng.sourceforge.io).
        let value = checksum("123456789")
            .bytes()
            .fold(0_u64, |value, letter| value * 62 + ALPHABET.iter().position(|of| *of == letter).unwrap() as u64);
        assert_eq!(value, 0xCBF4_3926);
    }

    #[test]
    fn every_letter_is_drawn_and_no_secret_twice() {
        let secrets: Vec<_> = (0..200).map(|_| SecretKind::Robot.random().unwrap()).collect();
        let texts: std::collections::BTreeSet<_> = secrets.iter().map(|secret| secret.expose_secret()).collect();
        assert_eq!(texts.len(), secrets.len());
        let letters: std::collections::BTreeSet<_> = texts.iter().flat_map(|text| text[4..34].bytes()).collect();
        assert_eq!(letters.len(), ALPHABET.len());
    }

    #[test]
    fn what_is_kept_of_a_secret_is_its_hash() {
        assert_eq!(hash(&"abc".into()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(same("ab", "ab") && !same("ab", "ac") && !same("ab", "abc"));
    }
}
