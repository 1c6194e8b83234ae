//! What happens in the registry: the last pushes and pulls, and what is coming in, as it goes on.
//!
//! The lists are short and are drawn anew as a whole: code that moves single rows would weigh more than it saves.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::super::explorer::{manifest_path, repository_path};
use crate::{
    api::home::{FEED, Happening, SHOWN_MAX, UPLOADS, Upload, VISIT},
    components::{ByteSize, Share, TimeAgo, announcer::use_announcer, feed::listen},
    i18n::{t, t_string, use_i18n},
};

/// The three lists, and the feed that keeps them.
#[component]
pub(super) fn Happenings(
    /// The last pushes.
    pushes: Vec<Happening>,
    /// The last pulls.
    pulls: Vec<Happening>,
    /// What is coming in.
    uploads: Vec<Upload>,
    /// The last visit that is among these.
    last_visit: u64,
    /// The server's time when the page was made.
    now: OffsetDateTime,
    /// Whether the lists are shown before anything has happened.
    shown: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let announcer = use_announcer();
    let (pushes, pulls, uploads) = (RwSignal::new(pushes), RwSignal::new(pulls), RwSignal::new(uploads));
    let shown = RwSignal::new(shown);
    let hear = move |data: String| {
        let Ok(happening) = serde_json::from_str::<Happening>(&data) else { return };
        let list = if happening.pushed { pushes } else { pulls };
        if happening.pushed {
            announcer.say(t_string!(i18n, home.pushed, image = happening.image.clone()).to_string());
        }
        list.update(|list| {
            // A tag that is pushed again is where it is now, not where it was.
            list.retain(|other| !happening.pushed || other.image != happening.image);
            list.insert(0, happening);
            list.truncate(SHOWN_MAX);
        });
        shown.set(true);
    };
    let progress = move |data: String| {
        if let Ok(now) = serde_json::from_str::<Vec<Upload>>(&data) {
            if !now.is_empty() {
                shown.set(true);
            }
            uploads.set(now);
        }
    };
    Effect::new(move |opened: Option<()>| {
        if opened.is_none() {
            listen(FEED, last_visit, vec![(VISIT, Box::new(hear)), (UPLOADS, Box::new(progress))], |_| {});
        }
    });
    let images = move |items: RwSignal<Vec<Happening>>| {
        move || items.get().into_iter().map(|item| image(item, now)).collect_view()
    };
    let none = move |items: RwSignal<Vec<Happening>>| items.with(Vec::is_empty);
    move || {
        shown.get().then(|| {
            view! {
                {move || (!uploads.with(Vec::is_empty)).then(|| view! { <Uploads uploads /> })}
                <div class="overview">
                    <section class="card" aria-labelledby="pushes-title">
                        <h2 class="card__title" id="pushes-title">
                            {t!(i18n, home.pushes)}
                        </h2>
                        {move || none(pushes).then(|| view! { <p class="muted">{t!(i18n, home.no_pushes)}</p> })}
                        <ul class="happenings">{images(pushes)}</ul>
                    </section>
                    <section class="card" aria-labelledby="pulls-title">
                        <h2 class="card__title" id="pulls-title">
                            {t!(i18n, home.pulls)}
                        </h2>
                        {move || none(pulls).then(|| view! { <p class="muted">{t!(i18n, home.no_pulls)}</p> })}
                        <ul class="happenings">{images(pulls)}</ul>
                    </section>
                </div>
            }
        })
    }
}

/// A row of an image.
fn image(item: Happening, now: OffsetDateTime) -> AnyView {
    let Happening { image, repository, at, by, .. } = item;
    let href = manifest_path(&repository, image.get(repository.len() + 1..).unwrap_or_default());
    view! {
        <li class="happening">
            <a href=href class="wrap-anywhere">
                {image}
            </a>
            <span class="happening__aside">
                <TimeAgo at now=now.max(at) />
                <span>{by}</span>
            </span>
        </li>
    }
    .into_any()
}

/// Layers that are coming in, each with how far it is.
#[component]
fn Uploads(
    /// The oldest first.
    uploads: RwSignal<Vec<Upload>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = |upload: Upload| {
        let Upload { repository, received, expected } = upload;
        let href = repository_path(&repository);
        let whole = (expected > 0).then(|| view! { <Share part=received whole=expected /> });
        view! {
            <li class="happening">
                <a href=href class="wrap-anywhere">
                    {repository}
                </a>
                <span class="happening__aside">{whole} <ByteSize size=received /></span>
            </li>
        }
    };
    view! {
        <section class="card" aria-labelledby="uploads-title">
            <h2 class="card__title" id="uploads-title">
                {t!(i18n, home.uploads)}
            </h2>
            <ul class="happenings">{move || uploads.get().into_iter().map(row).collect_view()}</ul>
        </section>
    }
}
