//! What was done, in the reader's language. An exhaustive match: a new action without words does not compile.

use humpback::audit::Action;
use leptos_i18n::I18nContext;

use crate::i18n::{Locale, t_string};

/// The action of that word; a word of another version stands for itself.
pub fn action(i18n: I18nContext<Locale>, word: &str) -> String {
    let Some(action) = Action::parse(word) else { return word.to_owned() };
    let text = match action {
        Action::SessionOpened => t_string!(i18n, manage.activity.action.session_opened),
        Action::SessionClosed => t_string!(i18n, manage.activity.action.session_closed),
        Action::SessionEnded => t_string!(i18n, manage.activity.action.session_ended),
        Action::SignInFailed => t_string!(i18n, manage.activity.action.sign_in_failed),
        Action::SignInFailuresOmitted => t_string!(i18n, manage.activity.action.sign_in_failures_omitted),
        Action::AccountCreated => t_string!(i18n, manage.activity.action.account_created),
        Action::AccountEnabled => t_string!(i18n, manage.activity.action.account_enabled),
        Action::AccountDisabled => t_string!(i18n, manage.activity.action.account_disabled),
        Action::AccountRoleChanged => t_string!(i18n, manage.activity.action.account_role_changed),
        Action::AccountDeleted => t_string!(i18n, manage.activity.action.account_deleted),
        Action::PasswordChanged => t_string!(i18n, manage.activity.action.password_changed),
        Action::PasswordReset => t_string!(i18n, manage.activity.action.password_reset),
        Action::AccountGroupsChanged => t_string!(i18n, manage.activity.action.account_groups_changed),
        Action::GroupCreated => t_string!(i18n, manage.activity.action.group_created),
        Action::GroupRenamed => t_string!(i18n, manage.activity.action.group_renamed),
        Action::GroupMemberAdded => t_string!(i18n, manage.activity.action.group_member_added),
        Action::GroupMemberRemoved => t_string!(i18n, manage.activity.action.group_member_removed),
        Action::GroupDeleted => t_string!(i18n, manage.activity.action.group_deleted),
        Action::AccessTokenCreated => t_string!(i18n, manage.activity.action.access_token_created),
        Action::AccessTokenRevoked => t_string!(i18n, manage.activity.action.access_token_revoked),
        Action::RobotCreated => t_string!(i18n, manage.activity.action.robot_created),
        Action::RobotChanged => t_string!(i18n, manage.activity.action.robot_changed),
        Action::RobotSecretRotated => t_string!(i18n, manage.activity.action.robot_secret_rotated),
        Action::RobotEnabled => t_string!(i18n, manage.activity.action.robot_enabled),
        Action::RobotDisabled => t_string!(i18n, manage.activity.action.robot_disabled),
        Action::RobotDeleted => t_string!(i18n, manage.activity.action.robot_deleted),
        Action::SystemConfigSaved => t_string!(i18n, manage.activity.action.system_config_saved),
        Action::RemoteRegistrySaved => t_string!(i18n, manage.activity.action.remote_registry_saved),
        Action::RulesSaved => t_string!(i18n, manage.activity.action.rules_saved),
        Action::RepositoryDescribed => t_string!(i18n, manage.activity.action.repository_described),
        Action::TagDeleted => t_string!(i18n, manage.activity.action.tag_deleted),
        Action::ManifestDeleted => t_string!(i18n, manage.activity.action.manifest_deleted),
        Action::RepositoryDeleted => t_string!(i18n, manage.activity.action.repository_deleted),
        Action::TagRestored => t_string!(i18n, manage.activity.action.tag_restored),
        Action::ManifestRestored => t_string!(i18n, manage.activity.action.manifest_restored),
        Action::RepositoryRestored => t_string!(i18n, manage.activity.action.repository_restored),
        Action::TagAdded => t_string!(i18n, manage.activity.action.tag_added),
        Action::TagMoved => t_string!(i18n, manage.activity.action.tag_moved),
        Action::BlobDeleted => t_string!(i18n, manage.activity.action.blob_deleted),
    };
    text.to_owned()
}
