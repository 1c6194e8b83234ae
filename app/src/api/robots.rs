//! Manage → Robots: for administrators alone.

use humpback::{
    account::{Robot, RobotName, RobotSort},
    explorer::{List, ListQuery},
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Error, scope_form::ScopeRow};

/// Where the robots are.
pub const ROBOTS: &str = "/manage/robots";
/// Where a robot's new secret is shown.
pub const ISSUED: &str = "/manage/issued-robot";

/// One page of the robots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robots {
    /// The page.
    pub list: List<Robot>,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// One robot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneRobot {
    /// What is known of it.
    pub robot: Robot,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// A robot's new secret, to be given to a machine.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedRobot {
    /// Whose it is.
    pub name: RobotName,
    /// Shown this once.
    pub secret: String,
    /// What stands before a repository's name in a client's command.
    pub registry: String,
}

impl std::fmt::Debug for IssuedRobot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuedRobot({}, …)", self.name)
    }
}

/// Where a robot's page is.
pub fn robot_path(name: &str) -> String {
    format!("/manage/robot/{}", crate::format::escape(name))
}

/// One page of the robots.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or something is broken.
#[server(endpoint = "list_robots", input = Json, output = crate::api::encoding::Answer)]
pub async fn list_robots(query: ListQuery<RobotSort>) -> Result<Robots, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let list = console.auth.list_robots(&query).await.map_err(super::context::internal)?;
    Ok(Robots { list, now: console.clock.now() })
}

/// One robot.
///
/// # Errors
/// As for [`list_robots`], or [`Error::NotFound`].
#[server(endpoint = "read_robot", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_robot(robot: String) -> Result<OneRobot, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let not_found = || Error::NotFound { what: robot.clone() };
    let name = RobotName::parse(&robot).map_err(|_| not_found())?;
    let robot = console.auth.robot(&name).await.map_err(super::context::internal)?.ok_or_else(not_found)?;
    Ok(OneRobot { robot, now: console.clock.now() })
}

/// Makes a robot. Returns where to go.
///
/// # Errors
/// As for [`list_robots`], or [`Error::Invalid`].
#[server(endpoint = "create_robot", output = crate::api::encoding::Answer)]
pub async fn create_robot(
    robot_name: String,
    #[server(default)] description: String,
    lifetime: String,
    #[server(default)] date: String,
    #[server(default)] scope: Vec<ScopeRow>,
) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let form = RobotForm { robot_name, description, lifetime, date, scope };
    let (name, draft) = form.check(console.clock.now())?;
    let made = console.auth.create_robot(&super::context::actor(&who), &name, &draft.into()).await;
    let secret = made.map_err(|error| ssr::refuse(error, &form))?;
    Ok(ssr::show(&console, name, secret))
}

/// Says other things of a robot. Returns where to go.
///
/// # Errors
/// As for [`create_robot`], or [`Error::NotFound`].
#[server(endpoint = "change_robot", output = crate::api::encoding::Answer)]
pub async fn change_robot(
    robot_name: String,
    #[server(default)] description: String,
    lifetime: String,
    #[server(default)] date: String,
    #[server(default)] scope: Vec<ScopeRow>,
) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let form = RobotForm { robot_name, description, lifetime, date, scope };
    let (name, draft) = form.check(console.clock.now())?;
    let done = console.auth.change_robot(&super::context::actor(&who), &name, &draft.into()).await;
    done.map_err(|error| ssr::refuse(error, &form))?;
    Ok(ssr::done(&name, "changed"))
}

/// Gives a robot another secret; the old one dies. Returns where to go.
///
/// # Errors
/// As for [`list_robots`], or [`Error::NotFound`].
#[server(endpoint = "rotate_robot", output = crate::api::encoding::Answer)]
pub async fn rotate_robot(robot: RobotName) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let secret = console.auth.rotate_robot(&super::context::actor(&who), &robot).await;
    let secret = secret.map_err(|error| super::session::ssr::refuse(error, ""))?;
    Ok(ssr::show(&console, robot, secret))
}

/// Lets a robot sign in, or not any more. Returns where to go.
///
/// # Errors
/// As for [`rotate_robot`].
#[server(endpoint = "set_robot_enabled", output = crate::api::encoding::Answer)]
pub async fn set_robot_enabled(robot: RobotName, enabled: bool) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let done = console.auth.set_robot_enabled(&super::context::actor(&who), &robot, enabled).await;
    done.map_err(|error| super::session::ssr::refuse(error, ""))?;
    Ok(ssr::done(&robot, if enabled { "enabled" } else { "disabled" }))
}

/// Removes a robot. Returns where to go.
///
/// # Errors
/// As for [`rotate_robot`].
#[server(endpoint = "delete_robot", output = crate::api::encoding::Answer)]
pub async fn delete_robot(robot: RobotName) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let done = console.auth.delete_robot(&super::context::actor(&who), &robot, console.guard.rules()).await;
    done.map_err(|error| super::session::ssr::refuse(error, ""))?;
    let path = format!("{ROBOTS}?done={robot}");
    super::session::ssr::lead_to(&path);
    Ok(path)
}

/// The secret that a robot was given just now, in this session; the second time there is none.
///
/// # Errors
/// As for [`list_robots`].
#[server(endpoint = "take_issued_robot", input = Json, output = crate::api::encoding::Answer)]
pub async fn take_issued_robot() -> Result<Option<IssuedRobot>, Error> {
    use humpback::auth::IssuedFor;
    use secrecy::ExposeSecret as _;

    super::context::administrator().await?;
    super::context::forbid_caching();
    let console = super::context::console()?;
    let registry = super::registry_address::registry_address().await?.in_commands();
    let wanted = |of: &IssuedFor| match of {
        IssuedFor::Robot(name) => Some(name.clone()),
        IssuedFor::Password(_) | IssuedFor::AccessToken(_) => None,
    };
    let issued = super::context::session_token().and_then(|token| console.auth.take_issued(&token, wanted));
    let shown = |(name, secret): (RobotName, secrecy::SecretString)| IssuedRobot {
        name,
        secret: secret.expose_secret().to_owned(),
        registry,
    };
    Ok(issued.map(shown))
}

pub use form::{RobotDraft, RobotForm};

/// What the browser checks before it sends, and the server again.
mod form {
    use humpback::{
        account::{Description, RobotName},
        rules::Scope,
    };
    use time::OffsetDateTime;

    use crate::api::{
        Error, FieldError,
        scope_form::{ScopeRow, check_lifetime, check_scope, typed},
    };

    /// What was typed.
    #[derive(Clone, Debug)]
    pub struct RobotForm {
        /// What the robot is called.
        pub robot_name: String,
        /// What it is for.
        pub description: String,
        /// How long it is to hold.
        pub lifetime: String,
        /// Until which day, if one was chosen.
        pub date: String,
        /// How far it is to reach.
        pub scope: Vec<ScopeRow>,
    }

    /// What was meant.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RobotDraft {
        /// What the robot is for.
        pub description: Description,
        /// What it is limited to.
        pub scope: Scope,
        /// When it ends.
        pub expires_at: Option<OffsetDateTime>,
    }

    impl RobotForm {
        /// What was meant, if every field can be accepted.
        ///
        /// # Errors
        /// [`Error::Invalid`] with all that must be mended.
        pub fn check(&self, now: OffsetDateTime) -> Result<(RobotName, RobotDraft), Error> {
            let mut fields = Vec::new();
            let name = RobotName::parse(&self.robot_name);
            if let Err(problem) = name {
                fields.push(FieldError::new("robot_name", problem));
            }
            let description = Description::parse(&self.description);
            if let Err(problem) = description {
                fields.push(FieldError::new("description", problem));
            }
            let scope = check_scope(&self.scope, &mut fields);
            let expires_at = check_lifetime(&self.lifetime, &self.date, now, &mut fields);
            match (name, description) {
                (Ok(name), Ok(description)) if fields.is_empty() => {
                    Ok((name, RobotDraft { description, scope, expires_at }))
                }
                _ => Err(self.error(fields)),
            }
        }

        /// What must be mended, with what was typed.
        pub fn error(&self, fields: Vec<FieldError>) -> Error {
            let others = [
                ("robot_name", self.robot_name.as_str()),
                ("description", &self.description),
                ("lifetime", &self.lifetime),
                ("date", &self.date),
            ];
            Error::Invalid { fields, typed: typed(&others, &self.scope) }
        }
    }

    #[cfg(feature = "ssr")]
    impl From<RobotDraft> for humpback::auth::RobotDraft {
        fn from(RobotDraft { description, scope, expires_at }: RobotDraft) -> Self {
            Self { description, scope, expires_at }
        }
    }
}

#[cfg(feature = "ssr")]
mod ssr {
    use humpback::{
        account::RobotName,
        auth::{self, IssuedFor, IssuedSecret},
    };
    use secrecy::SecretString;

    use super::{ISSUED, RobotForm};
    use crate::api::{
        Error, FieldError, Problem,
        context::{self, Console},
        session::ssr::{lead_to, refuse as refuse_generally},
    };

    /// Says in the form's words why there is no robot.
    pub(super) fn refuse(error: auth::Error, form: &RobotForm) -> Error {
        match error {
            auth::Error::RobotNameTaken(_) => form.error(vec![FieldError::new("robot_name", Problem::RobotNameTaken)]),
            other => refuse_generally(other, ""),
        }
    }

    /// Leads to the page that shows the secret.
    pub(super) fn show(console: &Console, name: RobotName, secret: SecretString) -> String {
        if let Some(session) = context::session_token() {
            console.auth.issue(&session, IssuedSecret { of: IssuedFor::Robot(name), secret });
        }
        lead_to(ISSUED);
        ISSUED.to_owned()
    }

    /// A robot's page, which says what was done.
    pub(super) fn done(name: &RobotName, what: &str) -> String {
        let path = format!("{}?done={what}", super::robot_path(name.as_str()));
        lead_to(&path);
        path
    }
}
