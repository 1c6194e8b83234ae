//! How to fetch it: the client is chosen by links, and the choice stands in the address.

use humpback::{
    explorer::{ArtifactKind, Pull, PullClient},
    oci::{Digest, RepositoryName, Tag},
};
use leptos::prelude::*;

use super::query::Query;
use crate::{
    api::repositories::Surroundings,
    components::CodeBlock,
    i18n::{t, t_string, use_i18n},
};

/// The clients that can fetch it, and the commands of the chosen one.
#[component]
pub(super) fn PullCommands(
    /// The repository.
    repository: RepositoryName,
    /// What it is.
    kind: ArtifactKind,
    /// Whether it is a list of manifests.
    index: bool,
    /// The tag under which it was opened.
    tag: Option<Tag>,
    /// Its digest.
    digest: Digest,
    /// What is around it.
    surroundings: Surroundings,
    /// What the address chooses.
    query: Memo<Query>,
) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = Memo::new(move |_| query.with(|query| PullClient::choose(query.client.as_deref(), kind)));
    let name = repository.to_string();
    let link = move |client: PullClient| {
        let name = name.clone();
        let href = move || Query { client: Some(client.as_str().to_owned()), ..query.get() }.href(&name);
        let current = move || (chosen.get() == client).then_some("true");
        view! {
            <a class="tabs__link" href=href aria-current=current data-noscroll="">
                {client.as_str()}
            </a>
        }
    };
    let Surroundings { registry, plain_http, .. } = surroundings;
    let (with_tag, with_digest) = (StoredValue::new(tag), StoredValue::new(digest));
    let pull = StoredValue::new((registry, repository));
    let command = move |by: fn(&Pull<'_>, PullClient, Option<&Tag>, &Digest) -> Option<String>| {
        Memo::new(move |_| {
            pull.with_value(|(registry, repository)| {
                let pull = Pull { registry, plain_http, repository, index };
                with_tag
                    .with_value(|tag| with_digest.with_value(|digest| by(&pull, chosen.get(), tag.as_ref(), digest)))
            })
        })
    };
    let by_tag = command(|pull, client, tag, _| tag.map(|tag| pull.by_tag(client, tag)));
    let by_digest = command(|pull, client, _, digest| pull.by_digest(client, digest));
    let block = move |command: Memo<Option<String>>, label: Signal<Option<String>>| {
        let there = Memo::new(move |_| command.with(Option::is_some));
        move || {
            there.get().then(|| {
                let code = Signal::derive(move || command.get().unwrap_or_default());
                view! { <CodeBlock code=code wrap=true label=label /> }
            })
        }
    };
    let tag_label = Signal::derive(move || Some(t_string!(i18n, explorer.manifest.by_tag).to_string()));
    let digest_label = Signal::derive(move || Some(t_string!(i18n, explorer.manifest.by_digest).to_string()));
    view! {
        <section class="page__section">
            <nav class="tabs" aria-label=move || t_string!(i18n, explorer.pull.client)>
                {PullClient::offered(kind).iter().copied().map(link).collect_view()}
            </nav>
            {block(by_tag, tag_label)} {block(by_digest, digest_label)}
            {move || {
                (plain_http && chosen.get().needs_configuration())
                    .then(|| {
                        view! {
                            <p class="muted">
                                {t!(i18n, explorer.pull.plain_http)} " "
                                <a href="/setup">{t!(i18n, explorer.pull.guide)}</a>
                            </p>
                        }
                    })
            }}
            {move || {
                (by_tag.with(Option::is_none) && by_digest.with(Option::is_none))
                    .then(|| view! { <p class="muted">{t!(i18n, explorer.pull.needs_tag)}</p> })
            }}
        </section>
    }
}
