//! A manifest: how to pull it, what it is made of, and its text as it was pushed.

mod config;
mod contents;

use humpback::explorer::{Body, ConfigBlob, ManifestView};
use leptos::{either::EitherOf3, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use time::OffsetDateTime;

use self::{
    config::Config,
    contents::{Layers, Platforms},
};
use super::{
    delete_tag::DeleteLink,
    explorer::{Disabled, manifest_path, repository_path},
    missing::MissingManifest,
};
use crate::{
    api::{
        Error,
        repositories::{Manifest as Page, read_manifest},
    },
    components::{Breadcrumb, ByteSize, CodeBlock, CopyButton, ErrorState, ShortDigest, TableSkeleton, TimeAgo},
    i18n::{t, t_string, use_i18n},
};

/// The page.
#[component]
pub fn Manifest() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let words = use_query_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let reference = Memo::new(move |_| {
        words
            .with(|words| words.get("reference"))
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| "latest".to_owned())
    });
    let page = Resource::new(move || (name.get(), reference.get()), |(name, reference)| read_manifest(name, reference));
    let title = Memo::new(move |_| title(&name.get(), &reference.get()));
    view! {
        <Title text=title />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=Signal::derive(move || {
                    vec![
                        (t_string!(i18n, explorer.title).to_string(), "/".to_owned()),
                        (name.get(), repository_path(&name.get())),
                    ]
                }) />
                <h1>{title}</h1>
            </div>
        </header>
        <Transition fallback=|| {
            view! { <TableSkeleton columns=3 /> }
        }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => EitherOf3::A(view! { <Loaded page=page reference=reference.get_untracked() /> }),
                    Err(Error::NotFound { .. }) => {
                        let (repository, reference) = (name.get_untracked(), reference.get_untracked());
                        EitherOf3::B(view! { <MissingManifest repository=repository reference=reference /> })
                    }
                    Err(error) => EitherOf3::C(view! { <ErrorState error=error /> }),
                }
            })}
        </Transition>
    }
}

/// `team/app:1.0`; a digest is cut to what tells it from others.
fn title(name: &str, reference: &str) -> String {
    match reference.split_once(':') {
        Some((algorithm, hex)) => format!("{name}@{algorithm}:{}", hex.chars().take(12).collect::<String>()),
        None => format!("{name}:{reference}"),
    }
}

#[component]
fn Loaded(page: Page, reference: String) -> impl IntoView {
    let i18n = use_i18n();
    let Page { repository, view, surroundings } = page;
    let name = repository.to_string();
    let tag = (!reference.contains(':')).then_some(reference);
    let full = format!("docker pull {}/{name}", surroundings.registry);
    let by_tag = tag.clone().map(|tag| format!("{full}:{tag}"));
    let by_digest = format!("{full}@{}", view.digest);
    let (raw, pretty) = (view.raw.clone(), view.pretty.clone());
    let body = view.body.clone();
    view! {
        {(!surroundings.enabled).then(|| view! { <Disabled /> })}
        <section class="page__section">
            {by_tag
                .map(|command| {
                    view! {
                        <CodeBlock
                            code=command
                            wrap=true
                            label=Signal::derive(move || Some(t_string!(i18n, explorer.manifest.by_tag).to_string()))
                        />
                    }
                })}
            <CodeBlock
                code=by_digest
                wrap=true
                label=Signal::derive(move || Some(t_string!(i18n, explorer.manifest.by_digest).to_string()))
            />
        </section>
        <Facts name=name.clone() view=view now=surroundings.now />
        {match body {
            Body::Index(children) => view! { <Platforms name=name.clone() children=children /> }.into_any(),
            Body::Image { config, parsed, layers } => {
                view! {
                    <Layers layers=layers />
                    <Config config=Some(config) parsed=parsed now=surroundings.now />
                }
                    .into_any()
            }
            Body::Schema1 { config, layers } => {
                view! {
                    <Layers layers=layers />
                    <Config config=None parsed=ConfigBlob::Image(config) now=surroundings.now />
                }
                    .into_any()
            }
            Body::Unknown => view! { <p>{t!(i18n, explorer.manifest.unknown)}</p> }.into_any(),
        }}
        <Raw raw=raw pretty=pretty />
        {tag
            .filter(|_| surroundings.administrator)
            .map(|tag| {
                view! {
                    <div class="page__actions">
                        <DeleteLink repository=name.clone() tag=tag labelled=true />
                    </div>
                }
            })}
    }
}

#[component]
fn Facts(name: String, view: ManifestView, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let tags = if view.tags.is_empty() {
        view! { <span class="muted">{t!(i18n, explorer.manifest.no_tags)}</span> }.into_any()
    } else {
        let link = |tag: humpback::oci::Tag| {
            let href = manifest_path(&name, tag.as_str());
            view! {
                <li>
                    <a href=href>{tag.to_string()}</a>
                </li>
            }
        };
        view! { <ul class="facts__tags">{view.tags.into_iter().map(link).collect_view()}</ul> }.into_any()
    };
    let digest = view.digest.to_string();
    view! {
        <section class="card">
            <dl class="facts">
                <dt>{t!(i18n, explorer.manifest.digest)}</dt>
                <dd class="copyable">
                    <span class="mono wrap-anywhere">{digest.clone()}</span>
                    <CopyButton
                        value=digest
                        what=Signal::derive(move || Some(t_string!(i18n, explorer.manifest.digest).to_string()))
                    />
                </dd>
                <dt>{t!(i18n, explorer.manifest.tags)}</dt>
                <dd>{tags}</dd>
                <dt>{t!(i18n, explorer.manifest.size)}</dt>
                <dd>
                    <ByteSize size=view.size_bytes />
                </dd>
                <dt>{t!(i18n, explorer.manifest.pushed)}</dt>
                <dd>
                    <TimeAgo at=view.pushed_at now=now />
                </dd>
                <dt>{t!(i18n, explorer.manifest.media_type)}</dt>
                <dd class="mono">{view.media_type}</dd>
                {view
                    .artifact_type
                    .map(|kind| {
                        view! {
                            <dt>{t!(i18n, explorer.manifest.artifact_type)}</dt>
                            <dd class="mono">{kind}</dd>
                        }
                    })}
                {view
                    .subject
                    .map(|subject| {
                        let href = manifest_path(&name, subject.as_str());
                        view! {
                            <dt>{t!(i18n, explorer.manifest.subject)}</dt>
                            <dd>
                                <ShortDigest digest=subject href=href />
                            </dd>
                        }
                    })}
                {(!view.annotations.is_empty())
                    .then(|| {
                        view! {
                            <dt>{t!(i18n, explorer.manifest.annotations)}</dt>
                            <dd>
                                <Pairs pairs=view.annotations />
                            </dd>
                        }
                    })}
            </dl>
        </section>
    }
}

/// Keys with their values: labels, annotations.
#[component]
fn Pairs(pairs: Vec<(String, String)>) -> impl IntoView {
    let pair = |(key, value): (String, String)| {
        view! {
            <li>
                <span class="mono muted">{key}</span>
                " "
                <span class="wrap-anywhere">{value}</span>
            </li>
        }
    };
    view! { <ul class="facts__list">{pairs.into_iter().map(pair).collect_view()}</ul> }
}

/// The manifest's text: easy to read, and byte for byte.
#[component]
fn Raw(raw: String, pretty: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <details class="page__details">
            <summary>
                <h2>{t!(i18n, explorer.manifest.raw)}</h2>
            </summary>
            <div class="page__section">
                {pretty
                    .map(|pretty| {
                        view! {
                            <CodeBlock
                                code=pretty
                                tall=true
                                label=Signal::derive(move || {
                                    Some(t_string!(i18n, explorer.manifest.formatted).to_string())
                                })
                            />
                        }
                    })}
                <CodeBlock
                    code=raw
                    wrap=true
                    tall=true
                    label=Signal::derive(move || Some(t_string!(i18n, explorer.manifest.stored).to_string()))
                />
            </div>
        </details>
    }
}
