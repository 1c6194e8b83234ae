//! How much is stored, how it grows, and how full the disk is.

use humpback::overview::{StorageSample, growth};
use leptos::prelude::*;

use crate::{
    api::home::Storage,
    components::{ByteSize, Share},
    format,
    i18n::{t, t_string, use_i18n},
};

/// The chart's size in its own units.
const WIDTH: f64 = 240.0;
/// As above.
const HEIGHT: f64 = 40.0;

/// The card; for administrators.
#[component]
pub(super) fn StorageCard(
    /// What is known.
    storage: Storage,
) -> impl IntoView {
    let i18n = use_i18n();
    let Storage { samples, disk } = storage;
    let stored = samples.last().map(|sample| sample.blob_bytes);
    let grown = growth(&samples, 7);
    view! {
        <section class="card" aria-labelledby="storage-title">
            <h2 class="card__title" id="storage-title">
                {t!(i18n, home.storage.title)}
            </h2>
            <dl class="facts">
                {stored
                    .map(|stored| {
                        view! {
                            <dt>{t!(i18n, home.storage.stored)}</dt>
                            <dd>
                                <ByteSize size=stored />
                            </dd>
                        }
                    })}
                {grown
                    .map(|grown| {
                        view! {
                            <dt>{t!(i18n, home.storage.week)}</dt>
                            <dd class="numeric">{signed(grown)}</dd>
                        }
                    })}
                {disk
                    .map(|disk| {
                        let used = disk.total.saturating_sub(disk.available);
                        let free = move || {
                            t_string!(
                                i18n,
                                home.storage.free,
                                available = format::bytes(disk.available),
                                total = format::bytes(disk.total)
                            )
                                .to_string()
                        };
                        view! {
                            <dt>{t!(i18n, home.storage.disk)}</dt>
                            <dd class="stack stack--tight">
                                <Share part=used whole=disk.total />
                                <span>{free}</span>
                            </dd>
                        }
                    })}
            </dl>
            {chart(&samples)
                .map(|points| {
                    let label = move || {
                        t_string!(i18n, home.storage.chart, count = samples.len() as u64).to_string()
                    };
                    view! {
                        <svg
                            class="chart"
                            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                            preserveAspectRatio="none"
                            role="img"
                            aria-label=label
                        >
                            <polyline class="chart__line" points=points vector-effect="non-scaling-stroke" />
                        </svg>
                    }
                })}
        </section>
    }
}

/// `+1.2 GB`, with the sign that a change has.
fn signed(bytes: i128) -> String {
    let size = format::bytes(u64::try_from(bytes.unsigned_abs()).unwrap_or(u64::MAX));
    match bytes {
        0 => size,
        1.. => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

/// The stored bytes of each day as a line, the largest at the top; `None` where a line would say nothing.
fn chart(samples: &[StorageSample]) -> Option<String> {
    let (first, last) = (samples.first()?, samples.last()?);
    let days = (last.day - first.day).whole_days();
    let largest = samples.iter().map(|sample| sample.blob_bytes).max().filter(|largest| *largest > 0)?;
    if days == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a picture")]
    let point = |sample: &StorageSample| {
        let x = (sample.day - first.day).whole_days() as f64 / days as f64 * WIDTH;
        // A line along the edge would be cut in half.
        let y = 1.0 + (1.0 - sample.blob_bytes as f64 / largest as f64) * (HEIGHT - 2.0);
        format!("{x:.1},{y:.1}")
    };
    Some(samples.iter().map(point).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use time::{Date, macros::date};

    use super::*;

    fn sample(day: Date, blob_bytes: u64) -> StorageSample {
        StorageSample { day, blob_bytes, blobs: 0, repositories: 0, tags: 0 }
    }

    #[test]
    fn a_chart_needs_two_days_and_something_stored() {
        let (first, last) = (date!(2026 - 01 - 01), date!(2026 - 01 - 11));
        assert_eq!(chart(&[]), None);
        assert_eq!(chart(&[sample(first, 7)]), None);
        assert_eq!(chart(&[sample(first, 0), sample(last, 0)]), None);
        let points = chart(&[sample(first, 0), sample(date!(2026 - 01 - 06), 50), sample(last, 100)]);
        assert_eq!(points.as_deref(), Some("0.0,39.0 120.0,20.0 240.0,1.0"));
    }

    #[test]
    fn a_change_has_its_sign() {
        assert_eq!(
            [signed(2_000_000), signed(-2_000_000), signed(0)].map(|text| text.chars().next()),
            [Some('+'), Some('−'), Some('0')]
        );
    }
}
