//! The first administrator, where whoever starts the server names one instead of typing the setup code.
//!
//! Only from the environment and files: what stands on the command line, everyone on the machine can read.

use std::{env, fs, io};

use humpback::{
    account::{InvalidUserName, UserName},
    auth::{self, Auth},
};
use secrecy::SecretString;

const USER: &str = "HUMPBACK_ADMIN_USER";
const PASSWORD: &str = "HUMPBACK_ADMIN_PASSWORD";
const PASSWORD_FILE: &str = "HUMPBACK_ADMIN_PASSWORD_FILE";

/// What is wrong with what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The name can't be one.
    #[error("{USER}: {0}")]
    User(#[source] InvalidUserName),
    /// Two passwords are one too many.
    #[error("{PASSWORD} and {PASSWORD_FILE} are both set: unset one")]
    Ambiguous,
    /// A variable is not text.
    #[error("{0} is not valid UTF-8")]
    NotText(&'static str),
    /// The file can't be read.
    #[error("{PASSWORD_FILE}={path}: {source}")]
    File {
        /// Its path.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The password is refused, or the account can't be made.
    #[error("the first administrator ({PASSWORD}): {0}")]
    Account(#[source] auth::Error),
}

impl Error {
    /// Whether the call was wrong, not the world.
    pub const fn is_usage(&self) -> bool {
        !matches!(self, Self::Account(error) if !matches!(error, auth::Error::Password(_) | auth::Error::UserName(_)))
    }
}

/// Makes the administrator that the environment asks for, if it does and there is no account yet.
///
/// # Errors
/// What is asked for can't be done; a password that would be ignored is not looked at.
pub async fn ensure(auth: &Auth) -> Result<(), Error> {
    if auth.is_set_up() {
        return Ok(());
    }
    let Some(password) = password()? else { return Ok(()) };
    let name = variable(USER)?.unwrap_or_else(|| "admin".to_owned());
    let name = UserName::parse(&name).map_err(Error::User)?;
    auth.ensure_administrator(&name, password).await.map_err(Error::Account)?;
    Ok(())
}

fn password() -> Result<Option<SecretString>, Error> {
    match (variable(PASSWORD)?, variable(PASSWORD_FILE)?) {
        (Some(_), Some(_)) => Err(Error::Ambiguous),
        (Some(password), None) => Ok(Some(password.into())),
        (None, Some(path)) => {
            let content = fs::read_to_string(&path).map_err(|source| Error::File { path, source })?;
            // An editor's newline at the end is not meant.
            let password = content.strip_suffix('\n').unwrap_or(&content);
            Ok(Some(password.strip_suffix('\r').unwrap_or(password).into()))
        }
        (None, None) => Ok(None),
    }
}

/// A variable that is set to nothing counts as not set: compose files do that.
fn variable(name: &'static str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Error::NotText(name)),
    }
}
