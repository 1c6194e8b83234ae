//! Passwords as argon2id hashes, with the parameters of OWASP's password storage cheat sheet (19 MiB, 2 passes).

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
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
    let hash: PasswordHash = Argon2::default().hash_password(password)?;
    Ok(hash.to_string())
}

fn verify(password: &[u8], hash: &str) -> Result<bool, Error> {
    let hash = PasswordHash::new(hash).map_err(argon2::password_hash::Error::from)?;
    match Argon2::default().verify_password(password, &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error.into()),
    }
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
