//! Why another registry could not be read, in the reader's language. An exhaustive match.

use humpback::explorer::RemoteFailure;
use leptos_i18n::I18nContext;

use crate::{
    format,
    i18n::{Locale, t_string},
};

/// What happened, and where it helps, what to do. The system's own words stay as they are.
pub fn remote_failure(i18n: I18nContext<Locale>, failure: &RemoteFailure) -> String {
    let text = match failure {
        RemoteFailure::Unreachable { cause } => {
            return t_string!(i18n, explorer.remote.failure.unreachable, cause = cause.clone()).to_string();
        }
        RemoteFailure::Certificate { cause } => {
            return t_string!(i18n, explorer.remote.failure.certificate, cause = cause.clone()).to_string();
        }
        RemoteFailure::TokenHost { host } => {
            return t_string!(i18n, explorer.remote.failure.token_host, host = host.clone()).to_string();
        }
        RemoteFailure::Elsewhere { host } => {
            return t_string!(i18n, explorer.remote.failure.elsewhere, host = host.clone()).to_string();
        }
        RemoteFailure::TooLong { limit } => {
            let limit = format::number(*limit as u64);
            return t_string!(i18n, explorer.remote.failure.too_long, limit = limit).to_string();
        }
        RemoteFailure::Status { status } => {
            return t_string!(i18n, explorer.remote.failure.status, status = *status).to_string();
        }
        RemoteFailure::Timeout => t_string!(i18n, explorer.remote.failure.timeout),
        RemoteFailure::CredentialsMissing => t_string!(i18n, explorer.remote.failure.credentials_missing),
        RemoteFailure::CredentialsRefused => t_string!(i18n, explorer.remote.failure.credentials_refused),
        RemoteFailure::CredentialsInTheClear => t_string!(i18n, explorer.remote.failure.in_the_clear),
        RemoteFailure::Forbidden => t_string!(i18n, explorer.remote.failure.forbidden),
        RemoteFailure::Digest => t_string!(i18n, explorer.remote.failure.digest),
        RemoteFailure::NoCatalogue => t_string!(i18n, explorer.remote.failure.no_catalogue),
        RemoteFailure::NotARegistry => t_string!(i18n, explorer.remote.failure.not_a_registry),
        RemoteFailure::Ourselves => t_string!(i18n, explorer.remote.failure.ourselves),
    };
    text.to_owned()
}
