//! The code that makes the first administrator: whoever can read the server's output owns the server.

use std::fmt;

use subtle::ConstantTimeEq as _;

/// Digits and letters that no one confuses: without I, L, O and U (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 4;
const GROUP: usize = 4;

/// Sixteen letters, 80 random bits, written in groups of four: `7Q4M-9KXT-2HBD-W3VP`.
#[derive(Clone)]
pub struct SetupCode([u8; GROUPS * GROUP]);

impl SetupCode {
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        let mut letters = [0; GROUPS * GROUP];
        getrandom::fill(&mut letters)?;
        // 256 is a multiple of 32: each letter is equally likely.
        Ok(Self(letters.map(|byte| ALPHABET[usize::from(byte) % ALPHABET.len()])))
    }

    /// Whether this is what was typed; hyphens, blanks and case don't matter, and O is read as 0, I and L as 1.
    pub(super) fn matches(&self, typed: &str) -> bool {
        let letters: Vec<u8> = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .take(self.0.len() + 1)
            .map(|c| match c.to_ascii_uppercase() {
                'O' => b'0',
                'I' | 'L' => b'1',
                c => u8::try_from(c).unwrap_or(b'?'),
            })
            .collect();
        self.0.as_slice().ct_eq(&letters).into()
    }
}

impl fmt::Display for SetupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, letter) in self.0.iter().enumerate() {
            if index > 0 && index % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

impl fmt::Debug for SetupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetupCode(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = SetupCode(*b"0A1BCDEFGHJKMNPQ");
        assert_eq!(code.to_string(), "0A1B-CDEF-GHJK-MNPQ");
        for typed in ["0A1B-CDEF-GHJK-MNPQ", " oalb cdef ghjk mnpq ", "OAIBCDEFGHJKMNPQ"] {
            assert!(code.matches(typed), "{typed}");
        }
        for typed in ["", "0A1B-CDEF-GHJK", "0A1B-CDEF-GHJK-MNPQ-0", "1A1B-CDEF-GHJK-MNPQ", "密码"] {
            assert!(!code.matches(typed), "{typed}");
        }
    }

    #[test]
    fn codes_differ_and_stay_out_of_logs() {
        let (one, other) = (SetupCode::random().unwrap(), SetupCode::random().unwrap());
        assert_ne!(one.to_string(), other.to_string());
        assert!(one.matches(&one.to_string()));
        assert_eq!(format!("{one:?}"), "SetupCode(…)");
    }
}
