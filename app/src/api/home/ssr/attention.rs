//! What needs an administrator, each with the place where it is mended.

use axum::http::request::Parts;
use humpback::{
    account::RobotSort,
    explorer::{ListQuery, Order},
    overview::DiskSpace,
};
use leptos::prelude::use_context;
use time::{Duration, OffsetDateTime};

use super::{Attention, Storage};
use crate::{
    api::{
        Error,
        context::{self, Console},
    },
    certificate_end::CertificateEnd,
    format,
    i18n::{Locale, td_string},
};

/// A robot that ends so soon is told of.
const EXPIRES_SOON: Duration = Duration::days(7);
/// A certificate that ends so soon was not renewed as those are that are renewed by a program.
const CERTIFICATE_ENDS_SOON: Duration = Duration::days(14);
/// So many robots are named at most.
const ROBOTS_MAX: usize = 5;

/// Something that somebody should see to.
enum Found {
    /// Clients are not served.
    Disabled,
    /// There is little room left.
    DiskLow { available: u64, total: u64 },
    /// The certificate that clients are shown ends soon, or has ended: then they refuse the registry.
    CertificateExpires { at: OffsetDateTime },
    /// Somebody who should be told of what happens here is not reached.
    EndpointFailing { name: String },
    /// A robot may not sign in any more, or soon will not.
    RobotExpires { name: String, at: OffsetDateTime },
    /// The folder of another registry is being read; `total` is 0 until its repositories are counted.
    Indexing { done: u64, total: u64 },
}

/// The most pressing first.
pub(super) async fn find(console: &Console, storage: &Storage, language: Locale) -> Result<Vec<Attention>, Error> {
    let mut found = Vec::new();
    if !console.config.current().value.private_registry_enabled {
        found.push(Found::Disabled);
    }
    let (total, available) = storage.disk;
    if (DiskSpace { total, available }).is_low() {
        found.push(Found::DiskLow { available, total });
    }
    let soon = console.clock.now() + CERTIFICATE_ENDS_SOON;
    let end = use_context::<Parts>().and_then(|parts| parts.extensions.get::<CertificateEnd>()?.at());
    found.extend(end.filter(|at| *at < soon).map(|at| Found::CertificateExpires { at }));
    let failing =
        console.registry.notified().into_iter().filter(|endpoint| !endpoint.disabled && endpoint.failures > 0);
    found.extend(failing.map(|endpoint| Found::EndpointFailing { name: endpoint.name }));
    let query = ListQuery { sort: RobotSort::Expires, order: Order::Ascending, ..ListQuery::default() };
    let robots = console.auth.list_robots(&query).await.map_err(context::internal)?.rows;
    let soon = console.clock.now() + EXPIRES_SOON;
    let expiring = robots.into_iter().filter(|robot| robot.disabled_at.is_none()).filter_map(|robot| {
        let at = robot.expires_at.filter(|at| *at < soon)?;
        Some(Found::RobotExpires { name: robot.name.to_string(), at })
    });
    found.extend(expiring.take(ROBOTS_MAX));
    let indexing = console.registry.adoption_progress();
    found.extend(indexing.map(|progress| Found::Indexing { done: progress.done as u64, total: progress.total as u64 }));
    let now = console.clock.now();
    Ok(found.into_iter().map(|found| found.told(language, now)).collect())
}

impl Found {
    fn told(self, language: Locale, now: OffsetDateTime) -> Attention {
        let grave = matches!(self, Self::Disabled | Self::DiskLow { .. } | Self::CertificateExpires { .. });
        let date = |at| format::date(language, at);
        let place = |path: &str, name: &str| Some((path.to_owned(), name.to_owned()));
        let (text, place) = match self {
            Self::Disabled => (
                td_string!(language, home.attention.disabled).to_string(),
                place("/manage/system-config", td_string!(language, common.nav.system_config)),
            ),
            Self::DiskLow { available, total } => {
                let (available, total) = (format::bytes(available), format::bytes(total));
                (td_string!(language, home.attention.disk_low, available = available, total = total).to_string(), None)
            }
            Self::CertificateExpires { at } if at <= now => {
                (td_string!(language, home.attention.certificate_expired, date = date(at)).to_string(), None)
            }
            Self::CertificateExpires { at } => {
                (td_string!(language, home.attention.certificate_expires, date = date(at)).to_string(), None)
            }
            Self::EndpointFailing { name } => (
                td_string!(language, home.attention.endpoint, name = name).to_string(),
                place("/manage/notifications", td_string!(language, common.nav.notifications)),
            ),
            Self::RobotExpires { name, at } => {
                let (one, other, path) =
                    (name.clone(), name.clone(), format!("/manage/robot/{}", format::escape(&name)));
                let text = if at <= now {
                    td_string!(language, home.attention.robot_expired, name = one, date = date(at)).to_string()
                } else {
                    td_string!(language, home.attention.robot_expires, name = one, date = date(at)).to_string()
                };
                (text, Some((path, td_string!(language, home.attention.robot_action, name = other).to_string())))
            }
            Self::Indexing { done, total } => {
                let text = if total == 0 {
                    td_string!(language, explorer.indexing.begun).to_string()
                } else {
                    let (done, total) = (format::number(done), format::number(total));
                    td_string!(language, explorer.indexing.title, done = done, total = total).to_string()
                };
                (text, place("/repositories", td_string!(language, common.nav.repositories)))
            }
        };
        Attention { grave, text, place }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn what_has_ended_is_told_otherwise_than_what_ends() {
        let now = datetime!(2026-01-02 03:04:05 UTC);
        let told = |at, language| Found::CertificateExpires { at }.told(language, now);
        let (soon, gone) = (now + Duration::days(3), now - Duration::days(3));
        assert!(told(soon, Locale::en).text.contains("expires on 5 Jan"), "{}", told(soon, Locale::en).text);
        assert!(told(gone, Locale::en).text.contains("expired on"), "{}", told(gone, Locale::en).text);
        assert!(told(gone, Locale::zh_CN).text.contains("证书已于"), "{}", told(gone, Locale::zh_CN).text);
        assert!(told(soon, Locale::en).grave);
        let robot = Found::RobotExpires { name: "ci".to_owned(), at: soon }.told(Locale::en, now);
        assert_eq!(robot.place, Some(("/manage/robot/ci".to_owned(), "Open ci".to_owned())));
        assert!(!robot.grave);
    }
}
