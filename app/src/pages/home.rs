//! The first page: whether the registry is up and for whom, what happens in it, how full the disk is, and what needs
//! somebody.

use humpback::config::AccessKind;
use leptos::{either::Either, prelude::*};
use leptos_i18n::Locale as _;
use leptos_meta::Title;

use super::{explorer::Disabled, repositories::NothingYet};
use crate::{
    api::home::{Home, read_home},
    components::{CopyButton, ErrorState, TableSkeleton},
    format,
    i18n::{t, t_string, use_i18n},
};

mod attention;
mod live;
mod storage;

use attention::NeedsAttention;
use live::Happenings;
use storage::StorageCard;

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    let i18n = use_i18n();
    let home = Resource::new(move || i18n.get_locale().as_str().to_owned(), read_home);
    view! {
        <Title text=move || t_string!(i18n, home.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, home.title)}</h1>
            </div>
        </header>
        <Transition fallback=|| {
            view! { <TableSkeleton columns=2 /> }
        }>
            {move || Suspend::new(async move {
                match home.await {
                    Ok(home) => Either::Left(view! { <Loaded home /> }),
                    Err(error) => Either::Right(view! { <ErrorState error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(
    /// What was read.
    home: Home,
) -> impl IntoView {
    let Home { access, repositories, pushes, pulls, last_visit, uploads, storage, attention, surroundings } = home;
    let (registry, enabled, administrator) =
        (surroundings.registry.clone(), surroundings.enabled, surroundings.administrator);
    let now = surroundings.now;
    let empty = repositories == 0 && pulls.is_empty() && uploads.is_empty();
    view! {
        // Administrators read it among what needs them.
        {(!enabled && !administrator).then(|| view! { <Disabled /> })}
        <NeedsAttention found=attention />
        <div class="overview">
            <Status registry enabled access administrator repositories />
            {storage.map(|storage| view! { <StorageCard storage /> })}
        </div>
        {if empty {
            view! { <NothingYet surroundings /> }.into_any()
        } else {
            ().into_any()
        }}
        <Happenings pushes pulls uploads last_visit now shown=!empty />
    }
}

/// Whether clients are served, where, and who.
#[component]
fn Status(
    /// How clients name the registry.
    registry: String,
    /// Whether it serves.
    enabled: bool,
    /// Who may pull and push.
    access: AccessKind,
    /// Whether the reader may change that.
    administrator: bool,
    /// How many repositories the reader may see.
    repositories: u64,
) -> impl IntoView {
    let i18n = use_i18n();
    let who = move || match access {
        AccessKind::Open => t_string!(i18n, home.who.open),
        AccessKind::SignInToPush => t_string!(i18n, home.who.sign_in_to_push),
        AccessKind::Private => t_string!(i18n, home.who.private),
        AccessKind::Rules { .. } => t_string!(i18n, home.who.rules),
        AccessKind::Htpasswd => t_string!(i18n, home.who.htpasswd),
        AccessKind::Token => t_string!(i18n, home.who.token),
    };
    let state = move || if enabled { t_string!(i18n, home.up) } else { t_string!(i18n, home.off) };
    view! {
        <section class="card" aria-labelledby="registry-title">
            <h2 class="card__title">
                <span id="registry-title">{t!(i18n, home.registry)}</span>
                <span class="badge" class:badge--success=enabled class:badge--danger=!enabled>
                    {state}
                </span>
            </h2>
            <dl class="facts">
                <dt>{t!(i18n, home.address)}</dt>
                <dd class="copyable">
                    <span class="mono wrap-anywhere">{registry.clone()}</span>
                    <CopyButton
                        value=registry
                        what=Signal::derive(move || Some(t_string!(i18n, home.address).to_string()))
                    />
                </dd>
                <dt>{t!(i18n, home.access)}</dt>
                <dd>{who}</dd>
                <dt>{t!(i18n, home.repositories)}</dt>
                <dd>
                    <a href="/repositories">{format::number(repositories)}</a>
                </dd>
            </dl>
            <div class="links links--row">
                <a href="/setup">{t!(i18n, common.nav.setup)}</a>
                {administrator
                    .then(|| {
                        view! {
                            <a href="/manage/access">{t!(i18n, common.nav.access)}</a>
                            <a href="/manage/system-config">{t!(i18n, common.nav.system_config)}</a>
                        }
                    })}
            </div>
        </section>
    }
}
