//! What is known of a manifest at a glance.

use humpback::explorer::ManifestView;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{super::explorer::manifest_path, Pairs};
use crate::{
    components::{ByteSize, CopyButton, ShortDigest, TimeAgo},
    format,
    i18n::{t, t_string, use_i18n},
};

/// Digest, tags, sizes, times and types.
#[component]
pub(super) fn Facts(
    /// The repository's name.
    name: String,
    /// The manifest.
    view: ManifestView,
    /// Whether it lies in this registry; of another one, its tags are not known.
    here: bool,
    /// What would be free without it.
    exclusive_bytes: Option<u64>,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
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
                {here
                    .then(|| {
                        view! {
                            <dt>{t!(i18n, explorer.manifest.tags)}</dt>
                            <dd>{tags}</dd>
                        }
                    })}
                {view.size_bytes.map(|size| view! {
                <dt>{t!(i18n, explorer.manifest.size)}</dt>
                <dd>
                    <ByteSize size=size />
                    {exclusive_bytes
                        .map(|size| {
                            view! {
                                " "
                                <span class="muted" title=move || t_string!(i18n, explorer.manifest.exclusive_text)>
                                    {t!(i18n, explorer.manifest.exclusive, size = move || format::bytes(size))}
                                </span>
                            }
                        })}
                </dd>
                })}
                {view
                    .pushed_at
                    .map(|at| {
                        view! {
                            <dt>{t!(i18n, explorer.manifest.pushed)}</dt>
                            <dd>
                                <TimeAgo at=at now=now />
                            </dd>
                        }
                    })}
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
