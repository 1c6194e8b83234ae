//! How another registry is asked, if the configured address leads to one: for administrators. Its password comes in and
//! never goes out.

use humpback::{config::Owner, explorer::RemoteFailure};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::Error;

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteSettings {
    /// The address in force; `None` while there is none.
    pub address: Option<String>,
    /// What an administrator has said of it.
    pub owner: Owner,
    /// Whether it is another registry's; `None` while that is not known.
    pub other: Option<bool>,
    /// What went wrong when it was asked last.
    pub failure: Option<RemoteFailure>,
    /// The name to sign in with.
    pub user_name: String,
    /// Whether a password is kept.
    pub has_password: bool,
    /// Where it may send for tokens, if that is another host.
    pub token_host: String,
    /// Certificates in PEM.
    pub authority: String,
}

/// What is kept, and what the address says. Asks it, if nobody has yet.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or something is broken.
#[server(endpoint = "load_remote_registry", input = Json, output = crate::api::encoding::Answer)]
pub async fn load_remote_registry() -> Result<RemoteSettings, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let remote = console.sources.remote();
    remote.ask_once().await;
    let status = remote.status();
    Ok(RemoteSettings {
        address: status.address.map(|address| address.to_string()),
        owner: status.owner,
        other: status.other,
        failure: status.failure,
        user_name: status.user_name,
        has_password: status.has_password,
        token_host: status.token_host,
        authority: status.authority,
    })
}

/// Keeps what was typed, and asks the address anew. A blank password leaves the one that is kept.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], [`Error::Invalid`], or something is broken.
#[server(endpoint = "save_remote_registry", output = crate::api::encoding::Answer)]
pub async fn save_remote_registry(
    owner: String,
    #[server(default)] user_name: String,
    #[server(default)] password: String,
    #[server(default)] forget: bool,
    #[server(default)] token_host: String,
    #[server(default)] authority: String,
) -> Result<(), Error> {
    use humpback::{config::InvalidRemote, remote::RemoteDraft};

    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let typed = [("owner", &owner), ("user_name", &user_name), ("token_host", &token_host), ("authority", &authority)];
    let typed = typed.map(|(name, text)| (name.to_owned(), text.clone())).into();
    let draft = RemoteDraft { owner: Owner::parse(&owner), user_name, password, forget, token_host, authority };
    let saved = console.sources.remote().save(draft, &super::context::actor(&who)).await;
    saved.map_err(super::context::internal)?.map_err(|problem| {
        let field = match problem {
            InvalidRemote::Address => "owner",
            InvalidRemote::UserName => "user_name",
            InvalidRemote::Password | InvalidRemote::PasswordMissing => "password",
            InvalidRemote::TokenHost => "token_host",
            InvalidRemote::Authority => "authority",
        };
        Error::Invalid { fields: vec![super::FieldError::new(field, problem)], typed }
    })?;
    if super::context::wants_html() {
        leptos_axum::redirect("/manage/system-config?remote=saved#remote");
    }
    Ok(())
}
