//! How much is stored, how it grows, and how full the disk is.

use leptos::prelude::*;

use crate::{
    api::home::{CHART, Storage},
    components::{ByteSize, Share},
    format,
    i18n::{t, t_string, use_i18n},
};

/// The card; for administrators.
#[component]
pub(super) fn StorageCard(
    /// What is known.
    storage: Storage,
) -> impl IntoView {
    let i18n = use_i18n();
    let Storage { stored, grown, disk: (total, available), days, chart } = storage;
    view! {
        <section class="card" aria-labelledby="storage-title">
            <h2 class="card__title" id="storage-title">
                {t!(i18n, home.storage.title)}
            </h2>
            <dl class="facts">
                <dt>{t!(i18n, home.storage.stored)}</dt>
                <dd>
                    <ByteSize size=stored />
                </dd>
                {grown
                    .map(|grown| {
                        view! {
                            <dt>{t!(i18n, home.storage.week)}</dt>
                            <dd class="numeric">{signed(grown)}</dd>
                        }
                    })}
                {(total > 0)
                    .then(|| {
                        let used = total.saturating_sub(available);
                        let free = move || {
                            t_string!(
                                i18n,
                                home.storage.free,
                                available = format::bytes(available),
                                total = format::bytes(total)
                            )
                                .to_string()
                        };
                        view! {
                            <dt>{t!(i18n, home.storage.disk)}</dt>
                            <dd class="stack stack--tight">
                                <Share part=used whole=total />
                                <span>{free}</span>
                            </dd>
                        }
                    })}
            </dl>
            {chart
                .map(|points| {
                    let label = move || {
                        t_string!(i18n, home.storage.chart, count = days).to_string()
                    };
                    view! {
                        <svg
                            class="chart"
                            viewBox=format!("0 0 {} {}", CHART.0, CHART.1)
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
fn signed(bytes: i64) -> String {
    let size = format::bytes(bytes.unsigned_abs());
    match bytes {
        0 => size,
        1.. => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_has_its_sign() {
        assert_eq!(
            [signed(2_000_000), signed(-2_000_000), signed(0)].map(|text| text.chars().next()),
            [Some('+'), Some('−'), Some('0')]
        );
    }
}
