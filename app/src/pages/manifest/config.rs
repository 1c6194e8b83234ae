//! An image's configuration. All of it was written by whoever built the image, and is shown as text.

use humpback::{
    explorer::{ConfigBlob, ImageConfig},
    oci::Descriptor,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::Pairs;
use crate::{
    components::{ShortDigest, TimeAgo},
    i18n::{t, use_i18n},
};

/// The configuration, or why there is none.
#[component]
pub fn Config(
    /// The config blob; schema 1 has none.
    config: Option<Descriptor>,
    /// What stands in it.
    parsed: ConfigBlob,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let i18n = use_i18n();
    let (digest, media_type) = config.map(|config| (config.digest, config.media_type)).unzip();
    let content = match parsed {
        ConfigBlob::Image(image) => view! { <Image image=*image now=now /> }.into_any(),
        ConfigBlob::Artifact => {
            view! {
                <p class="muted">{t!(i18n, explorer.manifest.artifact_config)} " " <span class="mono">{media_type}</span></p>
            }
            .into_any()
        }
        ConfigBlob::Missing => view! { <p class="muted">{t!(i18n, explorer.manifest.config_missing)}</p> }.into_any(),
        ConfigBlob::Unreadable => {
            view! { <p class="muted">{t!(i18n, explorer.manifest.config_unreadable)}</p> }.into_any()
        }
    };
    view! {
        <section class="page__section" aria-labelledby="config">
            <div class="card__title">
                <h2 id="config">{t!(i18n, explorer.manifest.config)}</h2>
                {digest.map(|digest| view! { <ShortDigest digest=digest /> })}
            </div>
            {content}
        </section>
    }
}

#[component]
fn Image(image: ImageConfig, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let fact = |term: AnyView, value: Option<AnyView>| {
        value.map(|value| {
            view! {
                <dt>{term}</dt>
                <dd>{value}</dd>
            }
        })
    };
    let text = |value: Option<String>| value.map(|value| view! { <span class="mono">{value}</span> }.into_any());
    let command = |words: Vec<String>| text((!words.is_empty()).then(|| shell_words(&words)));
    let lines = |lines: Vec<String>| {
        (!lines.is_empty()).then(|| {
            let line = |line| view! { <li class="mono wrap-anywhere">{line}</li> };
            view! { <ul class="facts__list">{lines.into_iter().map(line).collect_view()}</ul> }.into_any()
        })
    };
    let os_version = image.platform.as_ref().and_then(|platform| platform.os_version.clone());
    let created = image.created.map(|at| view! { <TimeAgo at=at now=now /> }.into_any());
    let labels = (!image.labels.is_empty()).then(|| view! { <Pairs pairs=image.labels /> }.into_any());
    view! {
        <div class="card">
            <dl class="facts">
                {fact(
                    t!(i18n, explorer.config.platform).into_any(),
                    text(image.platform.map(|platform| platform.to_string())),
                )}
                {fact(t!(i18n, explorer.config.os_version).into_any(), text(os_version))}
                {fact(t!(i18n, explorer.config.created).into_any(), created)}
                {fact(t!(i18n, explorer.config.author).into_any(), text(image.author))}
                {fact(t!(i18n, explorer.config.entrypoint).into_any(), command(image.entrypoint))}
                {fact(t!(i18n, explorer.config.cmd).into_any(), command(image.cmd))}
                {fact(t!(i18n, explorer.config.user).into_any(), text(image.user))}
                {fact(t!(i18n, explorer.config.working_dir).into_any(), text(image.working_dir))}
                {fact(t!(i18n, explorer.config.ports).into_any(), lines(image.exposed_ports))}
                {fact(t!(i18n, explorer.config.volumes).into_any(), lines(image.volumes))}
                {fact(t!(i18n, explorer.config.healthcheck).into_any(), text(image.healthcheck))}
                {fact(t!(i18n, explorer.config.stop_signal).into_any(), text(image.stop_signal))}
                {fact(t!(i18n, explorer.config.env).into_any(), lines(image.env))}
                {fact(t!(i18n, explorer.config.labels).into_any(), labels)}
            </dl>
        </div>
    }
}

/// The words of a command as one would type them, so that it is seen where one ends.
fn shell_words(words: &[String]) -> String {
    let plain = |word: &str| {
        !word.is_empty()
            && word.chars().all(|sign| {
                sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.' | '/' | ':' | '=' | ',' | '@' | '+')
            })
    };
    let quoted = |word: &String| if plain(word) { word.clone() } else { format!("'{}'", word.replace('\'', r"'\''")) };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::shell_words;

    #[test]
    fn words_are_seen_where_they_end() {
        let words = |words: &[&str]| shell_words(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["nginx", "-g", "daemon off;"]), "nginx -g 'daemon off;'");
        assert_eq!(words(&["sh", "-c", "echo 'a'", ""]), r"sh -c 'echo '\''a'\''' ''");
    }
}
