//! Refresh tokens: kept by clients that asked for one in place of a password, and good for new tokens alone.
//!
//! Not signed by the keys that change daily, but with a secret of their own. They end after a while, and at once with the
//! credential that they stand for.

use aws_lc_rs::{hmac, rand::SystemRandom};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::{
    auth::{Auth, Error},
    metadata::Durability,
    rules::CredentialId,
};

/// How long a refresh token is good.
const LIFETIME: Duration = Duration::days(30);
/// What it begins with, so that whoever finds one knows what it is.
const PREFIX: &str = "hbf_";
/// The secret's name in the database.
const PURPOSE: &str = "refresh_token";

#[derive(Debug, Serialize, Deserialize)]
struct Content {
    credential: CredentialId,
    audience: String,
    issued_at: i64,
}

impl Auth {
    /// A refresh token for whoever has proved who he is with `credential`.
    ///
    /// # Errors
    /// There is no secret to sign with, and none can be made.
    pub async fn issue_refresh_token(&self, credential: &CredentialId, audience: &str) -> Result<String, Error> {
        let content = Content {
            credential: credential.clone(),
            audience: audience.to_owned(),
            issued_at: self.clock.now().unix_timestamp(),
        };
        let content = serde_json::to_vec(&content).map_err(|_| Error::TokenKey)?;
        let signature = hmac::sign(&self.refresh_key().await?, &content);
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        Ok(format!("{PREFIX}{}.{}", encode(&content), encode(signature.as_ref())))
    }

    /// The credential that a refresh token stands for, if it was made here for `audience` and is still good; `None` if
    /// not. Whether the credential still holds is not asked.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn verify_refresh_token(&self, token: &str, audience: &str) -> Result<Option<CredentialId>, Error> {
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
        let parts = token.strip_prefix(PREFIX).and_then(|token| token.split_once('.'));
        let parts = parts.and_then(|(content, signature)| Some((decode(content)?, decode(signature)?)));
        let Some((content, signature)) = parts else { return Ok(None) };
        if hmac::verify(&self.refresh_key().await?, &content, &signature).is_err() {
            return Ok(None);
        }
        let content: Content = serde_json::from_slice(&content).map_err(|_| Error::TokenKey)?;
        let age = self.clock.now().unix_timestamp() - content.issued_at;
        let good = content.audience == audience && age < LIFETIME.whole_seconds();
        Ok(good.then_some(content.credential))
    }

    async fn refresh_key(&self) -> Result<hmac::Key, Error> {
        let kept = match self.metadata.signing_key(PURPOSE).await? {
            Some(kept) => kept,
            None => {
                let mut secret = [0; 32];
                aws_lc_rs::rand::SecureRandom::fill(&SystemRandom::new(), &mut secret).map_err(|_| Error::TokenKey)?;
                let mut tx = self.metadata.begin().await?;
                let kept = tx.keep_signing_key(PURPOSE, &secret, self.clock.now()).await?;
                tx.commit(Durability::Synced).await?;
                kept
            }
        };
        Ok(hmac::Key::new(hmac::HMAC_SHA256, &kept))
    }
}
