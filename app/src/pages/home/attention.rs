//! What needs an administrator, each with the place where it is mended.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use time::OffsetDateTime;

use crate::{
    api::home::Attention,
    components::{Draw, Icon},
    format,
    i18n::{Locale, t, t_string, use_i18n},
};

/// The list; nothing if there is nothing.
#[component]
pub(super) fn NeedsAttention(
    /// The most pressing first.
    found: Vec<Attention>,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let i18n = use_i18n();
    (!found.is_empty()).then(|| {
        let item = |one: Attention| {
            let (grave, link) = (one.is_grave(), one.link());
            let action = one.clone();
            view! {
                <li class="banner" class:banner--danger=grave class:banner--warning=!grave>
                    <Draw icon=Icon::Warning />
                    <p class="banner__text">{move || text(i18n, &one, now)}</p>
                    {link
                        .map(|link| {
                            view! {
                                <div class="banner__actions">
                                    <a href=link>{move || action_text(i18n, &action)}</a>
                                </div>
                            }
                        })}
                </li>
            }
        };
        view! {
            <section class="page__section" aria-labelledby="attention-title">
                <h2 id="attention-title">{t!(i18n, home.attention.title)}</h2>
                <ul class="page__section">{found.into_iter().map(item).collect_view()}</ul>
            </section>
        }
    })
}

impl Attention {
    const fn is_grave(&self) -> bool {
        matches!(self, Self::Disabled | Self::DiskLow { .. } | Self::CertificateExpires { .. })
    }

    /// Where something can be done about it.
    fn link(&self) -> Option<String> {
        Some(match self {
            Self::Disabled => "/manage/system-config".to_owned(),
            Self::EndpointFailing { .. } => "/manage/notifications".to_owned(),
            Self::RobotExpires { name, .. } => format!("/manage/robot/{}", format::escape(name)),
            Self::Indexing { .. } => "/repositories".to_owned(),
            Self::DiskLow { .. } | Self::CertificateExpires { .. } => return None,
        })
    }
}

fn text(i18n: I18nContext<Locale>, one: &Attention, now: OffsetDateTime) -> String {
    match one {
        Attention::Disabled => t_string!(i18n, home.attention.disabled).to_string(),
        Attention::DiskLow { available, total } => t_string!(
            i18n,
            home.attention.disk_low,
            available = format::bytes(*available),
            total = format::bytes(*total)
        )
        .to_string(),
        Attention::CertificateExpires { at } => {
            let date = format::date(i18n.get_locale(), *at);
            if *at <= now {
                t_string!(i18n, home.attention.certificate_expired, date = date).to_string()
            } else {
                t_string!(i18n, home.attention.certificate_expires, date = date).to_string()
            }
        }
        Attention::EndpointFailing { name } => {
            t_string!(i18n, home.attention.endpoint, name = name.clone()).to_string()
        }
        Attention::RobotExpires { name, at } => {
            let (name, date) = (name.clone(), format::date(i18n.get_locale(), *at));
            if *at <= now {
                t_string!(i18n, home.attention.robot_expired, name = name, date = date).to_string()
            } else {
                t_string!(i18n, home.attention.robot_expires, name = name, date = date).to_string()
            }
        }
        Attention::Indexing { total: 0, .. } => t_string!(i18n, explorer.indexing.begun).to_string(),
        Attention::Indexing { done, total } => {
            t_string!(i18n, explorer.indexing.title, done = format::number(*done), total = format::number(*total))
                .to_string()
        }
    }
}

fn action_text(i18n: I18nContext<Locale>, one: &Attention) -> String {
    match one {
        Attention::Disabled => t_string!(i18n, common.nav.system_config).to_string(),
        Attention::EndpointFailing { .. } => t_string!(i18n, common.nav.notifications).to_string(),
        Attention::RobotExpires { name, .. } => {
            t_string!(i18n, home.attention.robot_action, name = name.clone()).to_string()
        }
        Attention::Indexing { .. } | Attention::DiskLow { .. } | Attention::CertificateExpires { .. } => {
            t_string!(i18n, common.nav.repositories).to_string()
        }
    }
}
