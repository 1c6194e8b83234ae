//! A repository: how to pull from it, and its tags with search, order and pages in the page's address.

mod tags;

use humpback::explorer::{ListQuery, RemoteTags, RepositorySummary, TagSort};
use leptos::{either::EitherOf4, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use time::OffsetDateTime;

use self::tags::Tags;
use super::{
    delete_tag::DeleteDialog,
    explorer::{Disabled, REPOSITORIES, number_of_tags},
    missing::MissingRepository,
    remote::RemoteRepository,
    undo::{Done, DoneNotes, delete_repository_path, history_path},
};
use crate::{
    api::{
        Error,
        descriptions::description_path,
        repositories::{Repository as Page, Shown, read_repository},
    },
    components::{
        Breadcrumb, ByteSize, CodeBlock, Draw, EmptyState, ErrorState, Icon, Markdown, TableSkeleton, TimeAgo,
        announcer::use_announcer,
    },
    format,
    i18n::{t, t_string, use_i18n},
};

/// The page.
#[component]
pub fn Repository() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let words = use_query_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let query = Memo::new(move |_| words.with(|words| ListQuery::<TagSort>::from_words(|key| words.get_str(key))));
    // Counts the deletions made here, so that each brings the list anew.
    let deletions = RwSignal::new(0_u32);
    let last = RwSignal::new(None::<Done>);
    let page = Resource::new(
        move || (name.get(), query.get(), deletions.get()),
        |(name, query, _)| read_repository(name, query),
    );
    announce_results(query, page);
    view! {
        <Title text=name />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=Signal::derive(move || {
                    vec![(t_string!(i18n, explorer.title).to_string(), REPOSITORIES.to_owned())]
                }) />
                <h1>{name}</h1>
            </div>
        </header>
        <DoneNotes last=last />
        <Transition fallback=|| {
            view! { <TableSkeleton columns=5 /> }
        }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(Shown::This(page)) => {
                        EitherOf4::A(view! { <Loaded page=page query=query deletions=deletions last=last /> })
                    }
                    Ok(Shown::Remote(page)) => EitherOf4::B(view! { <RemoteRepository page=page query=query /> }),
                    Err(Error::NotFound { what }) => EitherOf4::C(view! { <MissingRepository name=what /> }),
                    Err(error) => EitherOf4::D(view! { <ErrorState error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(
    page: Page,
    query: Memo<ListQuery<TagSort>>,
    deletions: RwSignal<u32>,
    last: RwSignal<Option<Done>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Page { summary, newest_tag, tags, description, may_describe, surroundings } = page;
    let name = summary.name.to_string();
    let described = view! { <Described name=name.clone() html=description may_change=may_describe /> };
    let disabled = (!surroundings.enabled).then(|| view! { <Disabled /> });
    let facts = view! { <Facts summary=summary now=surroundings.now /> };
    let deeds = view! { <Deeds name=name.clone() administrator=surroundings.administrator /> };
    let Some(newest) = newest_tag else {
        let push = format!("docker push {}/{name}:latest", surroundings.registry);
        return view! {
            {disabled}
            {facts}
            <EmptyState title=Signal::derive(move || t_string!(i18n, explorer.no_tags.title).to_string())>
                <p>{t!(i18n, explorer.no_tags.text)}</p>
                <CodeBlock code=push wrap=true />
            </EmptyState>
            {described}
            {deeds}
        }
        .into_any();
    };
    let pull = format!("docker pull {}/{name}:{newest}", surroundings.registry);
    view! {
        {disabled}
        {facts}
        <section class="page__section">
            <CodeBlock
                code=pull
                wrap=true
                label=Signal::derive(move || Some(t_string!(i18n, explorer.repository.pull).to_string()))
            />
        </section>
        <DeleteDialog
            repository=name.clone()
            deletions=deletions
            last=last
            administrator=surroundings.administrator
        >
            <Tags name=name list=tags query=query surroundings=surroundings />
        </DeleteDialog>
        {described}
        {deeds}
    }
    .into_any()
}

/// What concerns the repository as a whole.
#[component]
fn Deeds(name: String, administrator: bool) -> impl IntoView {
    let i18n = use_i18n();
    let (history, delete) = (history_path(&name, None), delete_repository_path(&name));
    view! {
        <div class="page__actions">
            <a class="button" href=history>
                <Draw icon=Icon::History />
                {t!(i18n, undo.history.title)}
            </a>
            {administrator
                .then(|| {
                    view! {
                        <a class="button button--danger" href=delete>
                            <Draw icon=Icon::Trash />
                            {t!(i18n, undo.repository.action)}
                        </a>
                    }
                })}
        </div>
    }
}

/// What is said of the repository, and the way to say something else.
#[component]
fn Described(name: String, html: Option<String>, may_change: bool) -> impl IntoView {
    let i18n = use_i18n();
    let there = html.is_some();
    (there || may_change).then(|| {
        view! {
            <section class="page__section" aria-labelledby="description">
                <h2 id="description">{t!(i18n, explorer.description.title)}</h2>
                {html.map(|html| view! { <Markdown html=html /> })}
                {may_change
                    .then(|| {
                        view! {
                            <div class="page__actions">
                                <a class="button" href=description_path(&name)>
                                    {if there {
                                        t!(i18n, explorer.description.edit).into_any()
                                    } else {
                                        t!(i18n, explorer.description.add).into_any()
                                    }}
                                </a>
                            </div>
                        }
                    })}
            </section>
        }
    })
}

#[component]
fn Facts(summary: RepositorySummary, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <dl class="facts facts--row">
            <div>
                <dt>{t!(i18n, explorer.repository.tags)}</dt>
                <dd class="numeric">{format::number(summary.tag_count)}</dd>
            </div>
            <div>
                <dt>{t!(i18n, explorer.repository.manifests)}</dt>
                <dd class="numeric">{format::number(summary.manifest_count)}</dd>
            </div>
            <div>
                <dt>{t!(i18n, explorer.column.size)}</dt>
                <dd>
                    <ByteSize size=summary.size_bytes />
                </dd>
            </div>
            {summary
                .pushed_at
                .map(|at| {
                    view! {
                        <div>
                            <dt>{t!(i18n, explorer.column.pushed)}</dt>
                            <dd>
                                <TimeAgo at=at now=now />
                            </dd>
                        </div>
                    }
                })}
            <div>
                <dt>{t!(i18n, explorer.repository.first_push)}</dt>
                <dd>
                    <TimeAgo at=summary.created_at now=now />
                </dd>
            </div>
        </dl>
    }
}

/// Says how many tags there are after a search, but not when the page is opened.
fn announce_results(query: Memo<ListQuery<TagSort>>, page: Resource<Result<Shown<Page, RemoteTags>, Error>>) {
    let i18n = use_i18n();
    let announcer = use_announcer();
    Effect::new(move |before: Option<String>| {
        let Some(Ok(page)) = page.get() else { return before.unwrap_or_default() };
        let asked = query.get_untracked();
        if before.is_some_and(|before| before != asked.search) {
            let matching = match page {
                Shown::This(page) => page.tags.matching,
                Shown::Remote(page) => page.told.list.matching,
            };
            announcer.say(untrack(|| number_of_tags(i18n, &asked, matching)()));
        }
        asked.search
    });
}
