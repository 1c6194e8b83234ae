//! Passwords as argon2id hashes, with the parameters of OWASP's password storage cheat sheet (19 MiB, 2 passes).

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        self,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use super::Error;

/// Letters and digits that no one confuses, 32 of them: without i, l, o and u (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Groups of a generated password, and letters in each: 100 random bits.
const GROUPS: (usize, usize) = (4, 5);

/// A password that nobody knows yet, easy to read out and to type: `7q4m9-kxt2h-bdw3v-p8c5n`.
///
/// # Errors
/// The system gives no random bytes.
pub fn generate_password() -> Result<SecretString, Error> {
    let (groups, letters) = GROUPS;
    let mut bytes = vec![0; groups * letters];
    getrandom::fill(&mut bytes)?;
    // 256 is a multiple of 32: each letter is equally likely.
    let drawn: Vec<u8> = bytes.iter().map(|byte| ALPHABET[usize::from(*byte) % ALPHABET.len()]).collect();
    let groups: Vec<_> = drawn.chunks(letters).map(String::from_utf8_lossy).collect();
    Ok(groups.join("-").into())
}

/// How many passwords are hashed at once: each takes 19 MiB and a core for some 20 ms.
const AT_ONCE: usize = 2;

/// Hashes and verifies, away from the threads that serve requests.
#[derive(Clone, Debug)]
pub(super) struct Passwords {
    turns: Arc<Semaphore>,
    /// Verified in place of an account that does not exist, so that both answers take the same time.
    nobody: Arc<str>,
}

impl Passwords {
    pub(super) async fn new() -> Result<Self, Error> {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let mut unknown = [0; 32];
        getrandom::fill(&mut unknown)?;
        let nobody = blocking(&turns, move || hash(&unknown)).await?;
        Ok(Self { turns, nobody: nobody.into() })
    }

    /// Who may compute now: other slow hashes wait in the same line.
    pub(super) const fn turns(&self) -> &Arc<Semaphore> {
        &self.turns
    }

    /// A PHC string for `password`, with a salt of its own.
    pub(super) async fn hash(&self, password: SecretString) -> Result<String, Error> {
        blocking(&self.turns, move || hash(password.expose_secret().as_bytes())).await
    }

    /// Whether `password` is the one of which `hash` was made. Without a hash it never is, and that takes as long.
    pub(super) async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.to_string());
        let fits = blocking(&self.turns, move || verify(password.expose_secret().as_bytes(), &hash)).await?;
        Ok(fits && known)
    }
}

fn hash(password: &[u8]) -> Result<String, Error> {
    let argon2 = Argon2::default();
    let mut salt = [0; Salt::RECOMMENDED_LENGTH];
    getrandom::fill(&mut salt)?;
    let salt = Salt::new(&salt).map_err(password_hash::Error::from)?;
    let params = ParamsString::try_from(argon2.params())?;
    let hash = compute(&argon2, password, &salt, Params::DEFAULT_OUTPUT_LEN)?;
    let (algorithm, version) = (Algorithm::default().ident(), Some(Version::default().into()));
    Ok(PasswordHash { algorithm, version, params, salt: Some(salt), hash: Some(hash) }.to_string())
}

fn verify(password: &[u8], hash: &str) -> Result<bool, Error> {
    let hash = PasswordHash::new(hash).map_err(password_hash::Error::from)?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Ok(false) };
    let algorithm = Algorithm::try_from(hash.algorithm.as_str())?;
    let version = hash.version.map(Version::try_from).transpose().map_err(password_hash::Error::from)?;
    let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), Params::try_from(&hash)?);
    // Compared in constant time.
    Ok(compute(&argon2, password, salt, expected.len())? == *expected)
}

/// More than this, in bytes, glibc gives back to the system as soon as it is freed. What is smaller it keeps for a next
/// time, once the first has been freed (mallopt(3), `M_MMAP_THRESHOLD`).
const NEVER_KEPT: usize = 32 << 20;

/// A hash of `length` bytes. Its blocks lie in more memory than they need, of which the rest is never touched, so that
/// none of it stays with the process.
fn compute(argon2: &Argon2, password: &[u8], salt: &[u8], length: usize) -> Result<Output, Error> {
    let count = argon2.params().block_count();
    let mut blocks = Vec::with_capacity(count.max(NEVER_KEPT / Block::SIZE + 1));
    blocks.resize(count, Block::new());
    let mut output = vec![0; length];
    argon2
        .hash_password_into_with_memory(password, salt, &mut output, &mut blocks)
        .map_err(password_hash::Error::from)?;
    Ok(Output::new(&output).map_err(password_hash::Error::from)?)
}

/// Does slow work once it is its turn, away from the threads that serve requests.
pub(super) async fn blocking<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let turn = Arc::clone(turns).acquire_owned().await.map_err(|_| Error::Stopping)?;
    // The turn goes with the work, which goes on even if the caller is dropped.
    let work = move || {
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Stopping)?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn generated_passwords_differ_and_are_long_enough() {
        let [one, other] = [generate_password().unwrap(), generate_password().unwrap()];
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert_eq!(one.expose_secret().len(), 23);
        assert!(crate::account::check_password(one.expose_secret()).is_ok());
    }

    /// Made by the reference implementation: `printf password | argon2 somesalt -id -k 19456 -t 2 -e`.
    #[test]
    fn hashes_of_others_are_understood() {
        let others = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$PL01amPyeUuxG7H0vIr5X+qHkZvWnHmGBGXFYvh8z2E";
        assert!(verify(b"password", others).unwrap());
        assert!(!verify(b"Password", others).unwrap());
        assert!(!verify(b"password", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ").unwrap(), "without a hash");
        assert!(verify(b"password", &others.replace("argon2id", "argon3")).is_err());
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_alone_and_has_its_own_salt() {
        let passwords = Passwords::new().await.unwrap();
        let hash = passwords.hash("pässword 密码 🐳".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash("pässword 密码 🐳".into()).await.unwrap());
        assert!(passwords.verify("pässword 密码 🐳".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("password".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("password".into(), None).await.unwrap());
    }
}
