//! A manifest: how to pull it, what it is made of, what was said about it, and its text as it was pushed.
//!
//! What is long stands in tabs, each with an address of its own.

mod attached;
mod build;
mod config;
mod contents;
mod facts;
mod pull;
mod query;

use humpback::{
    explorer::{ArtifactKind, Body, BuildStep, ConfigBlob, ImageConfig, Layer},
    oci::{Descriptor, Tag as ImageTag},
};
use leptos::{either::EitherOf3, prelude::*};
use leptos_i18n::I18nContext;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{
    attached::Attached,
    build::Build,
    config::Config,
    contents::{Layers, Platforms},
    facts::Facts,
    pull::PullCommands,
    query::{Query, Tab},
};
use super::{
    explorer::{Disabled, REPOSITORIES, repository_path},
    missing::MissingManifest,
    remote::RemoteNote,
    undo::ManifestDeeds as Deeds,
};
use crate::{
    api::{
        Error,
        repositories::{Manifest as Page, read_manifest},
    },
    components::{Breadcrumb, CodeBlock, ErrorState, TableSkeleton},
    format,
    i18n::{Locale, t, t_string, use_i18n},
};

/// The page.
#[component]
pub fn Manifest() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let words = use_query_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let query = Memo::new(move |_| words.with(Query::from_words));
    let reference = Memo::new(move |_| query.with(|query| query.reference.clone()));
    let page = Resource::new(move || (name.get(), reference.get()), |(name, reference)| read_manifest(name, reference));
    let title = Memo::new(move |_| title(&name.get(), &reference.get()));
    let document_title = move || match query.with(|query| query.tab) {
        Tab::Contents => title.get(),
        tab => format!("{} · {}", tab_name(i18n, tab, false), title.get()),
    };
    view! {
        <Title text=document_title />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=Signal::derive(move || {
                    vec![
                        (t_string!(i18n, explorer.title).to_string(), REPOSITORIES.to_owned()),
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
                    Ok(page) => {
                        EitherOf3::A(
                            view! { <Loaded page=page reference=reference.get_untracked() query=query /> },
                        )
                    }
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
fn Loaded(page: Page, reference: String, query: Memo<Query>) -> impl IntoView {
    let i18n = use_i18n();
    let Page { repository, view, relations, surroundings } = page;
    let name = repository.to_string();
    let now = surroundings.now;
    let tag = ImageTag::parse(&reference).ok();
    // Another registry tells the sizes of images, not of what an index lists.
    let sizes = view.size_bytes.is_some();
    let remote = surroundings.remote.clone();
    let here = remote.is_none();
    let note = remote.map(|address| {
        view! {
            <RemoteNote
                address=address
                missing=Signal::derive(move || t_string!(i18n, explorer.remote.no_manifest_facts).to_string())
            />
        }
    });
    let (named, digest) = (tag.as_ref().map(ToString::to_string), view.digest.to_string());
    let administrator = here && surroundings.administrator;
    let kind = ArtifactKind::of(&view);
    let index = matches!(view.body, Body::Index(_));
    let parts = Parts::of(view.body.clone());
    // Where it is not known whether something is attached, it is not said that nothing is.
    let attached = relations.attachments.len();
    let tabs = offered(&parts, (here || attached > 0).then_some(attached));
    let known: Vec<_> = tabs.iter().map(|(tab, _)| *tab).collect();
    let open = Memo::new(move |_| {
        let wanted = query.with(|query| query.tab);
        if known.contains(&wanted) { wanted } else { known[0] }
    });
    let (raw, pretty) = (view.raw.clone(), view.pretty.clone());
    let content = {
        let (name, relations) = (name.clone(), relations.clone());
        move || match open.get() {
            Tab::Contents => match parts.clone() {
                Parts::Index(children) => {
                    view! { <Platforms name=name.clone() children=children sizes=sizes /> }.into_any()
                }
                Parts::Image { layers, .. } => {
                    view! { <Layers name=name.clone() layers=layers sizes=sizes shared=relations.shared.clone() /> }
                        .into_any()
                }
                Parts::Unknown => ().into_any(),
            },
            Tab::Config => match parts.clone() {
                Parts::Image { config, parsed, .. } => {
                    view! { <Config config=config.map(|config| *config) parsed=parsed now=now /> }.into_any()
                }
                _ => ().into_any(),
            },
            Tab::Build => view! { <Build steps=parts.build() /> }.into_any(),
            Tab::Attached => {
                view! { <Attached name=name.clone() attachments=relations.attachments.clone() /> }.into_any()
            }
            Tab::Json => view! { <Raw raw=raw.clone() pretty=pretty.clone() /> }.into_any(),
        }
    };
    view! {
        {(here && !surroundings.enabled).then(|| view! { <Disabled /> })}
        {note}
        <PullCommands
            repository=repository
            kind=kind
            index=index
            tag=tag
            digest=view.digest.clone()
            surroundings=surroundings
            query=query
        />
        <Facts name=name.clone() view=view here=here exclusive_bytes=relations.exclusive_bytes now=now />
        <Tabs name=name.clone() tabs=tabs open=open query=query index=index />
        {content}
        {here.then(|| view! { <Deeds name=name digest=digest tag=named administrator=administrator /> })}
    }
}

/// What the tabs show of a manifest.
#[derive(Clone)]
enum Parts {
    Image { config: Option<Box<Descriptor>>, parsed: ConfigBlob, layers: Vec<Layer> },
    Index(Vec<humpback::explorer::Child>),
    Unknown,
}

impl Parts {
    fn of(body: Body) -> Self {
        match body {
            Body::Image { config, parsed, layers } => Self::Image { config: Some(config.into()), parsed, layers },
            Body::Schema1 { config, layers } => Self::Image { config: None, parsed: ConfigBlob::Image(config), layers },
            Body::Index(children) => Self::Index(children),
            Body::Unknown => Self::Unknown,
        }
    }

    fn image(&self) -> Option<(&ImageConfig, &[Layer])> {
        match self {
            Self::Image { parsed: ConfigBlob::Image(config), layers, .. } => Some((config, layers)),
            _ => None,
        }
    }

    fn build(&self) -> Vec<BuildStep> {
        let Some((config, layers)) = self.image() else { return Vec::new() };
        config.build(&layers.iter().map(|layer| layer.size_bytes).collect::<Vec<_>>())
    }
}

/// The tabs that there is something in, with how much that is.
fn offered(parts: &Parts, attached: Option<usize>) -> Vec<(Tab, Option<usize>)> {
    let mut tabs = match parts {
        Parts::Image { layers, .. } => vec![(Tab::Contents, Some(layers.len())), (Tab::Config, None)],
        Parts::Index(children) => vec![(Tab::Contents, Some(children.len()))],
        Parts::Unknown => Vec::new(),
    };
    if parts.image().is_some_and(|(config, _)| !config.history.is_empty()) {
        tabs.push((Tab::Build, None));
    }
    tabs.extend(attached.map(|attached| (Tab::Attached, Some(attached))));
    tabs.push((Tab::Json, None));
    tabs
}

fn tab_name(i18n: I18nContext<Locale>, tab: Tab, index: bool) -> String {
    let name = match tab {
        Tab::Contents if index => t_string!(i18n, explorer.manifest.platforms),
        Tab::Contents => t_string!(i18n, explorer.manifest.layers),
        Tab::Config => t_string!(i18n, explorer.manifest.config),
        Tab::Build => t_string!(i18n, explorer.config.history),
        Tab::Attached => t_string!(i18n, explorer.attached.title),
        Tab::Json => t_string!(i18n, explorer.manifest.raw),
    };
    name.to_owned()
}

#[component]
fn Tabs(
    name: String,
    tabs: Vec<(Tab, Option<usize>)>,
    open: Memo<Tab>,
    query: Memo<Query>,
    index: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let unknown = tabs.first().is_some_and(|(tab, _)| matches!(tab, Tab::Attached | Tab::Json));
    let link = move |(tab, count): (Tab, Option<usize>)| {
        let name = name.clone();
        let href = move || Query { tab, ..query.get() }.href(&name);
        let current = move || (open.get() == tab).then_some("page");
        view! {
            <a class="tabs__link" href=href aria-current=current data-noscroll="">
                {move || tab_name(i18n, tab, index)}
                {count.map(|count| view! { <span class="tabs__hint">{format::number(count as u64)}</span> })}
            </a>
        }
    };
    view! {
        {unknown.then(|| view! { <p>{t!(i18n, explorer.manifest.unknown)}</p> })}
        <nav class="tabs" aria-label=move || t_string!(i18n, explorer.manifest.parts)>
            {tabs.into_iter().map(link).collect_view()}
        </nav>
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
        <section class="page__section" aria-labelledby="raw">
            <h2 id="raw">{t!(i18n, explorer.manifest.raw)}</h2>
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
        </section>
    }
}
