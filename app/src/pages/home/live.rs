//! What happens in the registry: the last pushes and pulls, and what is coming in, as it goes on.

use humpback::{
    client::{Client, Deed, Origin, Visit},
    overview::{LatestPush, UploadProgress},
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::super::{
    explorer::{manifest_path, repository_path},
    visits::{client_name, origin_words},
};
use crate::{
    api::home::{FEED, SHOWN_MAX, UPLOADS, VISIT},
    components::{ByteSize, Share, TimeAgo, announcer::use_announcer, feed::listen},
    i18n::{t, t_string, use_i18n},
};

/// An image in a list.
#[derive(Clone, Debug, PartialEq)]
struct Item {
    /// `team/app:1.0`
    image: String,
    /// Where it is shown.
    href: String,
    at: OffsetDateTime,
    /// With what, and from where; not known of what happened before the process was started.
    by: Option<(Client, Origin)>,
}

impl Item {
    fn of_push(push: LatestPush) -> Self {
        let LatestPush { repository, tag, at, .. } = push;
        let href = manifest_path(repository.as_str(), tag.as_str());
        Self { image: format!("{repository}:{tag}"), href, at, by: None }
    }

    fn of_visit(visit: &Visit) -> Option<Self> {
        let (repository, image) = visit.image()?;
        let reference = image.get(repository.as_str().len() + 1..)?;
        let href = manifest_path(repository.as_str(), reference);
        Some(Self { image: image.to_owned(), href, at: visit.at, by: Some((visit.client.clone(), visit.origin)) })
    }

    /// What tells it from others in its list.
    fn key(&self) -> (String, OffsetDateTime) {
        (self.image.clone(), self.at)
    }
}

/// The three lists, and the feed that keeps them.
#[component]
pub(super) fn Happenings(
    /// The last pushes.
    pushes: Vec<LatestPush>,
    /// The last pulls.
    pulls: Vec<Visit>,
    /// What is coming in.
    uploads: Vec<UploadProgress>,
    /// The last visit that is among these.
    last_visit: u64,
    /// The server's time when the page was made.
    now: OffsetDateTime,
    /// Whether the lists are shown before anything has happened.
    shown: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let announcer = use_announcer();
    let pushes = RwSignal::new(pushes.into_iter().map(Item::of_push).collect::<Vec<_>>());
    let pulls = RwSignal::new(pulls.iter().filter_map(Item::of_visit).collect::<Vec<_>>());
    let uploads = RwSignal::new(uploads);
    let shown = RwSignal::new(shown);
    let hear = move |data: String| {
        let Ok(visit) = serde_json::from_str::<Visit>(&data) else { return };
        let Some(item) = Item::of_visit(&visit) else { return };
        let pushed = matches!(visit.deed, Deed::Pushed { .. });
        let image = item.image.clone();
        if pushed {
            pushes.update(|list| list.retain(|other| other.image != image));
            announcer.say(t_string!(i18n, home.pushed, image = image).to_string());
        }
        let list = if pushed { pushes } else { pulls };
        list.update(|list| {
            list.insert(0, item);
            list.truncate(SHOWN_MAX);
        });
        shown.set(true);
    };
    let progress = move |data: String| {
        if let Ok(now) = serde_json::from_str::<Vec<UploadProgress>>(&data) {
            if !now.is_empty() {
                shown.set(true);
            }
            uploads.set(now);
        }
    };
    Effect::new(move |opened: Option<()>| {
        if opened.is_none() {
            let url = format!("{FEED}?after={last_visit}");
            listen(&url, vec![(VISIT, Box::new(hear)), (UPLOADS, Box::new(progress))], |_| {});
        }
    });
    view! {
        <Show when=move || shown.get()>
            <Uploads uploads />
            <div class="overview">
                <section class="card" aria-labelledby="pushes-title">
                    <h2 class="card__title" id="pushes-title">
                        {t!(i18n, home.pushes)}
                    </h2>
                    <Images
                        items=pushes
                        now
                        none=Signal::derive(move || t_string!(i18n, home.no_pushes).to_string())
                    />
                </section>
                <section class="card" aria-labelledby="pulls-title">
                    <h2 class="card__title" id="pulls-title">
                        {t!(i18n, home.pulls)}
                    </h2>
                    <Images
                        items=pulls
                        now
                        none=Signal::derive(move || t_string!(i18n, home.no_pulls).to_string())
                    />
                </section>
            </div>
        </Show>
    }
}

#[component]
fn Images(
    /// The last one first.
    items: RwSignal<Vec<Item>>,
    /// The server's time when the page was made.
    now: OffsetDateTime,
    /// What is said where there are none.
    none: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |item: Item| {
        let at = item.at;
        let by = item.by.map(|(client, origin)| {
            move || {
                let (client, origin) = (client_name(i18n, &client), origin_words(i18n, origin));
                if origin.is_empty() { client } else { format!("{client} · {origin}") }
            }
        });
        view! {
            <li class="happening">
                <a href=item.href class="wrap-anywhere">
                    {item.image}
                </a>
                <span class="happening__aside">
                    <TimeAgo at now=now.max(at) />
                    {by.map(|by| view! { <span>{by}</span> })}
                </span>
            </li>
        }
    };
    view! {
        <Show when=move || items.with(Vec::is_empty)>
            <p class="muted">{none}</p>
        </Show>
        <ul class="happenings">
            <For each=move || items.get() key=Item::key children=row />
        </ul>
    }
}

/// Layers that are coming in, each with how far it is.
#[component]
fn Uploads(
    /// The oldest first.
    uploads: RwSignal<Vec<UploadProgress>>,
) -> impl IntoView {
    let i18n = use_i18n();
    // By the session, so that a bar stays the same while it grows.
    let ids = Memo::new(move |_| {
        uploads.with(|uploads| {
            uploads.iter().map(|upload| (upload.id.clone(), upload.repository.clone())).collect::<Vec<_>>()
        })
    });
    let row = move |(id, repository): (String, humpback::oci::RepositoryName)| {
        let progress = Memo::new(move |_| {
            uploads.with(|uploads| {
                let upload = uploads.iter().find(|upload| upload.id == id);
                upload.map_or((0, None), |upload| (upload.received_bytes, upload.expected_bytes))
            })
        });
        view! {
            <li class="happening">
                <a href=repository_path(repository.as_str()) class="wrap-anywhere">
                    {repository.to_string()}
                </a>
                <span class="happening__aside">
                    {move || {
                        let (received, expected) = progress.get();
                        view! {
                            {expected.map(|expected| view! { <Share part=received whole=expected /> })}
                            <ByteSize size=received />
                            {expected
                                .map(|expected| {
                                    view! {
                                        <span>
                                            "/ " <ByteSize size=expected />
                                        </span>
                                    }
                                })}
                        }
                    }}
                </span>
            </li>
        }
    };
    view! {
        <Show when=move || uploads.with(|uploads| !uploads.is_empty())>
            <section class="card" aria-labelledby="uploads-title">
                <h2 class="card__title" id="uploads-title">
                    {t!(i18n, home.uploads)}
                </h2>
                <ul class="happenings">
                    <For each=move || ids.get() key=|(id, _)| id.clone() children=row />
                </ul>
            </section>
        </Show>
    }
}
