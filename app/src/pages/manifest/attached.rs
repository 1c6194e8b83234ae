//! What was said about a manifest: signatures, bills of materials, attestations, each a link to its own page.

use humpback::explorer::{Attachment, AttachmentKind, Statement};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::super::explorer::manifest_path;
use crate::{
    components::{
        ByteSize, ShortDigest,
        data_table::{Column, cell_class},
    },
    i18n::{Locale, t, use_i18n},
};

/// A list for each kind that there is.
#[component]
pub(super) fn Attached(
    /// The repository's name.
    name: String,
    /// What was said.
    attachments: Vec<Attachment>,
) -> impl IntoView {
    let i18n = use_i18n();
    if attachments.is_empty() {
        return view! { <p class="muted">{t!(i18n, explorer.attached.none)}</p> }.into_any();
    }
    AttachmentKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let rows: Vec<_> = attachments.iter().filter(|one| one.kind == kind).cloned().collect();
            (!rows.is_empty()).then(|| view! { <Kind kind=kind name=name.clone() rows=rows /> })
        })
        .collect_view()
        .into_any()
}

#[component]
fn Kind(kind: AttachmentKind, name: String, rows: Vec<Attachment>) -> impl IntoView {
    let i18n = use_i18n();
    let (id, title) = match kind {
        AttachmentKind::Signature => ("signatures", t!(i18n, explorer.attached.signatures).into_any()),
        AttachmentKind::Sbom => ("sboms", t!(i18n, explorer.attached.sboms).into_any()),
        AttachmentKind::Attestation => ("attestations", t!(i18n, explorer.attached.attestations).into_any()),
        AttachmentKind::Other => ("others", t!(i18n, explorer.attached.others).into_any()),
    };
    let platforms = rows.iter().any(|row| row.platform.is_some());
    let row = |attachment: Attachment| {
        let by_digest = manifest_path(&name, attachment.digest.as_str());
        let href = attachment.tag.as_ref().map_or_else(|| by_digest.clone(), |tag| manifest_path(&name, tag.as_str()));
        let statements = attachment.statements.into_iter().map(|statement| {
            view! { <span class="badge">{statement_name(i18n, statement)}</span> }
        });
        let label = match attachment.tag {
            Some(tag) => view! { <a class="mono wrap-anywhere" href=href>{tag.to_string()}</a> }.into_any(),
            None => view! { <ShortDigest digest=attachment.digest href=by_digest /> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row" class="data-table__cell--name">
                    {label}
                </th>
                <td>
                    <span class="badges">{statements.collect_view()}</span>
                </td>
                {platforms.then(|| view! { <td>{attachment.platform}</td> })}
                <td class=cell_class(Column::Number, true)>
                    {attachment.size_bytes.map(|size| view! { <ByteSize size=size /> })}
                </td>
            </tr>
        }
    };
    view! {
        <section class="page__section" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <div class="data-table__frame">
                <table class="data-table">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, explorer.column.manifest)}</th>
                            <th scope="col">{t!(i18n, explorer.column.kind)}</th>
                            {platforms.then(|| view! { <th scope="col">{t!(i18n, explorer.column.platform)}</th> })}
                            <th scope="col" class=cell_class(Column::Number, true)>
                                {t!(i18n, explorer.column.size)}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

/// Names of formats are the same in every language.
fn statement_name(i18n: I18nContext<Locale>, statement: Statement) -> AnyView {
    match statement {
        Statement::Cosign => "Cosign".into_any(),
        Statement::Notation => "Notation".into_any(),
        Statement::Sigstore => "Sigstore".into_any(),
        Statement::Spdx => "SPDX".into_any(),
        Statement::CycloneDx => "CycloneDX".into_any(),
        Statement::Provenance => t!(i18n, explorer.attached.provenance).into_any(),
        Statement::Vulnerabilities => t!(i18n, explorer.attached.vulnerabilities).into_any(),
        Statement::Other(kind) => view! { <span class="mono wrap-anywhere">{kind}</span> }.into_any(),
    }
}
