//! Robots: accounts of machines, which open the registry as far as their scope and never the console.

use secrecy::SecretString;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{
    Auth, Error,
    access_tokens::day,
    secret::{self, SecretKind},
};
use crate::{
    account::{Description, Robot, RobotName, RobotSort},
    audit::{Action, Actor, AuditEntry},
    explorer::{List, ListQuery},
    metadata::{RobotRecord, Transaction},
    rule_store::RuleStore,
    rules::{Scope, Subject},
};

/// What an administrator says of a robot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RobotDraft {
    /// What it is for.
    pub description: Description,
    /// What it is limited to.
    pub scope: Scope,
    /// When it ends; `None` if it does not end by itself.
    pub expires_at: Option<OffsetDateTime>,
}

impl RobotDraft {
    const fn record(&self) -> RobotRecord<'_> {
        RobotRecord { description: &self.description, scope: &self.scope, expires_at: self.expires_at }
    }
}

impl Auth {
    /// One page of the robots.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_robots(&self, query: &ListQuery<RobotSort>) -> Result<List<Robot>, Error> {
        let mut list = self.metadata.list_robots(query).await?;
        for robot in &mut list.rows {
            self.with_use(robot);
        }
        Ok(list)
    }

    /// The robot `name`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn robot(&self, name: &RobotName) -> Result<Option<Robot>, Error> {
        let mut robot = self.metadata.robot(name).await?;
        if let Some(robot) = &mut robot {
            self.with_use(robot);
        }
        Ok(robot)
    }

    fn with_use(&self, robot: &mut Robot) {
        robot.used = self.uses.of_robot(&robot.name).or(robot.used.take());
    }

    /// Makes a robot, and gives its secret, which is kept nowhere. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::RobotNameTaken`], or something is broken.
    pub async fn create_robot(&self, by: &Actor, name: &RobotName, draft: &RobotDraft) -> Result<SecretString, Error> {
        let secret = SecretKind::Robot.random()?;
        let mut tx = self.metadata.begin().await?;
        if !tx.create_robot(name, &draft.record(), &secret::hash(&secret), self.clock.now()).await? {
            return Err(Error::RobotNameTaken(name.clone()));
        }
        let RobotDraft { description, scope, expires_at } = draft;
        let expires_at = expires_at.map(day);
        let entry = self.robot_deed(by, Action::RobotCreated, name);
        let detail = json!({ "description": description, "scope": scope, "expires_at": expires_at });
        self.finish(tx, entry.with(detail)).await?;
        Ok(secret)
    }

    /// Says other things of a robot; its secret stays. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchRobot`], or the database is broken.
    pub async fn change_robot(&self, by: &Actor, name: &RobotName, draft: &RobotDraft) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        let before = find_robot(&mut tx, name).await?;
        let mut detail = Map::new();
        let mut change = |what: &str, from: Value, to: Value| {
            if from != to {
                detail.insert(what.to_owned(), json!({ "from": from, "to": to }));
            }
        };
        change("description", json!(before.description), json!(draft.description));
        change("scope", json!(before.scope), json!(draft.scope));
        change("expires_at", json!(before.expires_at.map(day)), json!(draft.expires_at.map(day)));
        if detail.is_empty() {
            return Ok(());
        }
        tx.change_robot(name, &draft.record()).await?;
        let entry = self.robot_deed(by, Action::RobotChanged, name);
        self.finish(tx, entry.with(Value::Object(detail))).await
    }

    /// Gives a robot another secret: when this returns, the old one opens nothing any more.
    ///
    /// # Errors
    /// [`Error::NoSuchRobot`], or something is broken.
    pub async fn rotate_robot(&self, by: &Actor, name: &RobotName) -> Result<SecretString, Error> {
        let secret = SecretKind::Robot.random()?;
        let mut tx = self.metadata.begin().await?;
        find_robot(&mut tx, name).await?;
        tx.set_robot_secret(name, &secret::hash(&secret), self.clock.now()).await?;
        let entry = self.robot_deed(by, Action::RobotSecretRotated, name);
        self.finish(tx, entry).await?;
        Ok(secret)
    }

    /// Lets a robot sign in, or not any more. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchRobot`], or the database is broken.
    pub async fn set_robot_enabled(&self, by: &Actor, name: &RobotName, enabled: bool) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        if find_robot(&mut tx, name).await?.disabled_at.is_none() == enabled {
            return Ok(());
        }
        tx.set_robot_disabled(name, (!enabled).then(|| self.clock.now())).await?;
        let action = if enabled { Action::RobotEnabled } else { Action::RobotDisabled };
        let entry = self.robot_deed(by, action, name);
        self.finish(tx, entry).await
    }

    /// Removes a robot and the rules for it. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchRobot`], or the database is broken.
    pub async fn delete_robot(&self, by: &Actor, name: &RobotName, rules: &RuleStore) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        let Robot { description, scope, .. } = find_robot(&mut tx, name).await?;
        tx.delete_robot(name).await?;
        let entry = self.robot_deed(by, Action::RobotDeleted, name);
        let entry = entry.with(json!({ "description": description, "scope": scope }));
        self.finish_with_rules(tx, entry, by, rules, &Subject::Robot(name.clone()), None).await?;
        self.uses.forget_robot(name);
        Ok(())
    }

    fn robot_deed(&self, by: &Actor, action: Action, name: &RobotName) -> AuditEntry {
        AuditEntry::new(self.clock.now(), by, action).about(name.login())
    }
}

async fn find_robot(tx: &mut Transaction, name: &RobotName) -> Result<Robot, Error> {
    tx.find_robot(name).await?.ok_or_else(|| Error::NoSuchRobot(name.clone()))
}

#[cfg(test)]
mod tests;
