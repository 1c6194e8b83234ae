//! What a reader of the console sees of another registry, the one that System Config's address leads to. Its API tells
//! less than our own database: what it does not tell is absent here, and never a zero.

use serde::{Deserialize, Serialize};

use super::{List, ListQuery, Order, SortKey, list::PAGE_SIZE};
use crate::oci::{RepositoryName, Tag};

/// One page of another registry's repositories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteRepositories {
    /// Their names.
    pub list: List<RepositoryName>,
    /// Whether the names are all there.
    pub extent: Extent,
}

/// One page of the tags of another registry's repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteTags {
    /// The repository.
    pub name: RepositoryName,
    /// A tag to pull by: `latest` if there is one, else the last of them.
    pub example: Option<Tag>,
    /// The names of the tags.
    pub list: List<Tag>,
    /// Whether the names are all there.
    pub extent: Extent,
}

/// How much of a list of names was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// The first names; the others are still coming.
    Reading,
    /// The first names; there are more than are ever read.
    Cut,
}

/// Why another registry could not be read. Says what happened in its own words; never a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RemoteFailure {
    /// Nobody answers.
    #[error("it can't be reached: {cause}")]
    Unreachable {
        /// What the system says.
        cause: String,
    },
    /// The answer takes too long.
    #[error("it does not answer in time")]
    Timeout,
    /// Its certificate is not signed by anyone who is trusted here, or is for another name.
    #[error("its certificate is not trusted: {cause}")]
    Certificate {
        /// What is wrong with it.
        cause: String,
    },
    /// It asks for a name and password, and none are kept.
    #[error("it asks for a user name and password")]
    CredentialsMissing,
    /// It does not take the name and password that are kept.
    #[error("it refuses the user name and password")]
    CredentialsRefused,
    /// It asks for a name and password over a connection that anyone can read, which nobody has allowed.
    #[error("it asks for a password in the clear: begin its address with http:// to allow that")]
    CredentialsInTheClear,
    /// Whoever signs in with the name and password may not read this.
    #[error("it does not allow reading this")]
    Forbidden,
    /// It sends for tokens to a host that nobody has named.
    #[error("it sends for tokens to {host}, which is not the host that was configured")]
    TokenHost {
        /// That host.
        host: String,
    },
    /// It sends elsewhere.
    #[error("it sends to {host}, which is not followed")]
    Elsewhere {
        /// Where.
        host: String,
    },
    /// The answer is longer than what is read.
    #[error("its answer is longer than {limit} bytes")]
    TooLong {
        /// So much is read.
        limit: usize,
    },
    /// What it sends is not what its digest names.
    #[error("it sends content that is not what its digest names")]
    Digest,
    /// It does not tell which repositories it has.
    #[error("it does not list its repositories")]
    NoCatalogue,
    /// What answers is no registry.
    #[error("what answers there is no registry")]
    NotARegistry,
    /// It answers with an error.
    #[error("it answers with status {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// It is this registry itself.
    #[error("it is this registry itself")]
    Ourselves,
}

/// The page of sorted `names` that `query` asks for. The order is by name whatever is asked for: nothing else is known.
pub fn page<T, S>(names: &[T], query: &ListQuery<S>, by_name: S, keep: impl Fn(&T) -> bool) -> List<T>
where
    T: Clone + AsRef<str>,
    S: SortKey,
{
    let search = query.search.to_lowercase();
    let mut total = 0;
    let mut found: Vec<&T> = Vec::new();
    for name in names.iter().filter(|name| keep(name)) {
        total += 1;
        if search.is_empty() || name.as_ref().to_lowercase().contains(&search) {
            found.push(name);
        }
    }
    let (skip, take) = (query.offset() as usize, PAGE_SIZE as usize);
    let rows = if query.sort == by_name && query.order == Order::Descending {
        found.iter().rev().skip(skip).take(take).map(|name| (*name).clone()).collect()
    } else {
        found.iter().skip(skip).take(take).map(|name| (*name).clone()).collect()
    };
    List { rows, matching: found.len() as u64, total }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::explorer::RepositorySort;

    fn names(count: usize) -> Vec<RepositoryName> {
        (0..count).map(|at| RepositoryName::parse(&format!("team-{}/app-{at:05}", at % 7)).unwrap()).collect()
    }

    #[test]
    fn names_are_paged_searched_and_turned_around() {
        let names = names(120);
        let asked = ListQuery::<RepositorySort>::default();
        let first = page(&names, &asked, RepositorySort::Name, |_| true);
        assert_eq!((first.rows.len(), first.matching, first.total), (50, 120, 120));
        let last = page(&names, &asked.at_page(3), RepositorySort::Name, |_| true);
        assert_eq!(last.rows, names[100..]);
        let search = ListQuery { search: "APP-00007".into(), ..asked };
        assert_eq!(page(&names, &search, RepositorySort::Name, |_| true).matching, 1);
        let back = ListQuery { sort: RepositorySort::Name, order: Order::Descending, ..ListQuery::default() };
        assert_eq!(page(&names, &back, RepositorySort::Name, |_| true).rows[0], names[119]);
    }

    #[test]
    fn what_someone_may_not_see_is_not_counted() {
        let names = names(70);
        let of_one_team = |name: &RepositoryName| name.as_str().starts_with("team-1/");
        let list = page(&names, &ListQuery::default(), RepositorySort::Name, of_one_team);
        assert_eq!((list.matching, list.total), (10, 10));
    }
}
