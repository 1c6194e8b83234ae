//! What a client asks a token for (Distribution, docs/content/spec/auth/scope.md): `repository:team/app:pull,push`.

use crate::{
    access::{CATALOG, REGISTRY, REPOSITORY},
    auth::token::Access,
    oci::RepositoryName,
    rules::{Action, Identity, Rules},
};

/// What the registry's token may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Actions in a repository.
    Repository {
        /// Which one.
        name: RepositoryName,
        /// What is to be done there.
        actions: Vec<Action>,
    },
    /// To list the repositories.
    Catalog,
}

/// Actions that there are on `/v2/`.
const ACTIONS: [Action; 3] = [Action::Pull, Action::Push, Action::Delete];

impl Scope {
    /// Reads what is asked for; `None` for what there is not here, which is simply not granted.
    pub fn parse(text: &str) -> Option<Self> {
        // Names hold no colon here: a host with a port is no part of them.
        let (kind, rest) = text.split_once(':')?;
        let (name, actions) = rest.rsplit_once(':')?;
        // A class may stand behind the kind.
        match kind.split('(').next()? {
            REPOSITORY => {
                let asked: Vec<&str> = actions.split(',').collect();
                let wants = |action: &Action| asked.iter().any(|asked| *asked == "*" || *asked == action.as_str());
                let actions = ACTIONS.into_iter().filter(wants).collect();
                Some(Self::Repository { name: RepositoryName::parse(name).ok()?, actions })
            }
            REGISTRY if name == CATALOG => Some(Self::Catalog),
            _ => None,
        }
    }

    /// As much of it as is allowed; `None` for nothing.
    pub(super) fn allowed(&self, rules: &Rules, identity: &Identity) -> Option<Access> {
        match self {
            Self::Repository { name, actions } => {
                let allowed = actions.iter().filter(|action| rules.allow(identity, name.as_str(), **action));
                let actions: Vec<_> = allowed.map(|action| action.as_str()).collect();
                (!actions.is_empty()).then(|| Access { kind: REPOSITORY, name: name.to_string(), actions })
            }
            Self::Catalog => Some(Access { kind: REGISTRY, name: CATALOG.to_owned(), actions: vec!["*"] }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn scopes_are_read_as_clients_write_them() {
        let repository = |name: &str, actions: &[Action]| {
            let name = RepositoryName::parse(name).unwrap();
            Some(Scope::Repository { name, actions: actions.to_vec() })
        };
        for (text, scope) in [
            ("repository:team/app:pull", repository("team/app", &[Action::Pull])),
            ("repository:a:push,pull", repository("a", &[Action::Pull, Action::Push])),
            ("repository:a:*", repository("a", &ACTIONS)),
            ("repository(plugin):a:pull", repository("a", &[Action::Pull])),
            ("repository:a:administer,fly", repository("a", &[])),
            ("registry:catalog:*", Some(Scope::Catalog)),
            ("registry:other:*", None),
            ("repository:A:pull", None),
            ("repository:a", None),
            ("", None),
        ] {
            assert_eq!(Scope::parse(text), scope, "{text}");
        }
    }
}
