//! What is wrong with a field, in the reader's language. An exhaustive match: a new problem without words does not
//! compile.

use humpback::{
    account::{InvalidGroupName, InvalidLabel, InvalidLifetime, InvalidPassword, InvalidRobotName, InvalidUserName},
    config::{InvalidAddress, InvalidRemote},
    rules::InvalidPattern,
};
use leptos_i18n::I18nContext;

use crate::{
    api::{Error, Problem},
    components::error_state::message,
    i18n::{Locale, t_string},
};

/// How to mend a field.
pub fn problem(i18n: I18nContext<Locale>, problem: &Problem) -> String {
    let text = match problem {
        Problem::Address(problem) => return address(i18n, problem),
        Problem::Remote(InvalidRemote::Address) => t_string!(i18n, config.remote.problem.address),
        Problem::Remote(InvalidRemote::UserName) => t_string!(i18n, config.remote.problem.user_name),
        Problem::Remote(InvalidRemote::PasswordMissing) => t_string!(i18n, config.remote.problem.password_missing),
        Problem::Remote(InvalidRemote::Password) => t_string!(i18n, config.remote.problem.password),
        Problem::Remote(InvalidRemote::TokenHost) => t_string!(i18n, config.remote.problem.token_host),
        Problem::Remote(InvalidRemote::Authority) => t_string!(i18n, config.remote.problem.authority),
        Problem::UserName(InvalidUserName::Missing) => t_string!(i18n, session.problem.user_name_missing),
        Problem::UserName(InvalidUserName::TooLong) => t_string!(i18n, session.problem.user_name_too_long),
        Problem::UserName(InvalidUserName::Form) => t_string!(i18n, session.problem.user_name_form),
        Problem::GroupName(InvalidGroupName::Missing) | Problem::RobotName(InvalidRobotName::Missing) => {
            t_string!(i18n, credentials.problem.name_missing)
        }
        Problem::GroupName(InvalidGroupName::TooLong) | Problem::RobotName(InvalidRobotName::TooLong) => {
            t_string!(i18n, session.problem.user_name_too_long)
        }
        Problem::GroupName(InvalidGroupName::Form) | Problem::RobotName(InvalidRobotName::Form) => {
            t_string!(i18n, session.problem.user_name_form)
        }
        Problem::Label(InvalidLabel::Missing) => t_string!(i18n, credentials.problem.name_missing),
        Problem::Label(InvalidLabel::TooLong) => t_string!(i18n, credentials.problem.label_too_long),
        Problem::Label(InvalidLabel::Character) => t_string!(i18n, credentials.problem.label_character),
        Problem::Lifetime(InvalidLifetime::Missing) => t_string!(i18n, credentials.problem.lifetime_missing),
        Problem::Lifetime(InvalidLifetime::Date) => t_string!(i18n, credentials.problem.date),
        Problem::Lifetime(InvalidLifetime::Past) => t_string!(i18n, credentials.problem.past),
        Problem::ActionMissing => t_string!(i18n, credentials.problem.action_missing),
        Problem::TextTooLong => t_string!(i18n, explorer.description.too_long),
        Problem::GroupNameTaken => t_string!(i18n, credentials.problem.group_name_taken),
        Problem::TokenNameTaken => t_string!(i18n, credentials.problem.token_name_taken),
        Problem::RobotNameTaken => t_string!(i18n, credentials.problem.robot_name_taken),
        Problem::NoSuchUser => t_string!(i18n, credentials.problem.no_such_user),
        Problem::TooMany { limit } => {
            return t_string!(i18n, credentials.problem.too_many, limit = *limit).to_string();
        }
        Problem::Password(InvalidPassword::Missing) => t_string!(i18n, session.problem.password_missing),
        Problem::Password(InvalidPassword::TooShort) => t_string!(i18n, session.problem.password_too_short),
        Problem::Password(InvalidPassword::TooLong) => t_string!(i18n, session.problem.password_too_long),
        Problem::PasswordsDiffer => t_string!(i18n, session.problem.passwords_differ),
        Problem::SetupCodeMissing => t_string!(i18n, session.problem.setup_code_missing),
        Problem::SetupCode => t_string!(i18n, session.problem.setup_code),
        Problem::AlreadySetUp => t_string!(i18n, session.problem.already_set_up),
        Problem::Credentials => t_string!(i18n, session.problem.credentials),
        Problem::NameTaken => t_string!(i18n, session.problem.name_taken),
        Problem::Pattern(InvalidPattern::Missing) => t_string!(i18n, access.problem.pattern_missing),
        Problem::Pattern(InvalidPattern::TooLong) => t_string!(i18n, access.problem.pattern_too_long),
        Problem::Pattern(InvalidPattern::Form) => t_string!(i18n, access.problem.pattern_form),
        Problem::Pattern(InvalidPattern::DoubleStar) => t_string!(i18n, access.problem.pattern_double_star),
        Problem::SubjectName => t_string!(i18n, access.problem.subject_name),
        Problem::RepositoryName => t_string!(i18n, access.problem.repository_name),
        Problem::TooManyRules => t_string!(i18n, access.problem.too_many_rules),
        Problem::Confirmation => t_string!(i18n, undo.problem.confirmation),
        Problem::TagName => t_string!(i18n, undo.problem.tag_name),
        Problem::TagElsewhere { digest } => {
            return t_string!(i18n, undo.problem.tag_elsewhere, digest = digest.to_string()).to_string();
        }
        Problem::NotUnderstood => t_string!(i18n, session.problem.not_understood),
        Problem::PresentPassword => t_string!(i18n, session.problem.present_password),
    };
    text.to_owned()
}

/// How to mend a registry address.
pub fn address(i18n: I18nContext<Locale>, problem: &InvalidAddress) -> String {
    let text = match problem {
        InvalidAddress::HostMissing => t_string!(i18n, config.problem.host_missing),
        InvalidAddress::Scheme { found } => {
            return t_string!(i18n, config.problem.scheme, found = found.as_str()).to_string();
        }
        InvalidAddress::Path => t_string!(i18n, config.problem.path),
        InvalidAddress::Credentials => t_string!(i18n, config.problem.credentials),
        InvalidAddress::Character { character } if character.is_whitespace() => t_string!(i18n, config.problem.blank),
        InvalidAddress::Character { character } => {
            return t_string!(i18n, config.problem.character, character = *character).to_string();
        }
        InvalidAddress::Port => t_string!(i18n, config.problem.port),
        InvalidAddress::HostName => t_string!(i18n, config.problem.host_name),
        InvalidAddress::Ipv4 => t_string!(i18n, config.problem.ipv4),
        InvalidAddress::Ipv6 => t_string!(i18n, config.problem.ipv6),
        InvalidAddress::Ipv6NeedsBrackets { found } => {
            return t_string!(i18n, config.problem.ipv6_needs_brackets, found = found.as_str()).to_string();
        }
        InvalidAddress::Unspecified => t_string!(i18n, config.problem.unspecified),
        InvalidAddress::ShortNameNeedsPort { host } => {
            return t_string!(i18n, config.problem.short_name_needs_port, host = host.as_str()).to_string();
        }
    };
    text.to_owned()
}

/// What is said above a form that failed for another reason than its fields; `None` where the fields say it.
pub fn failure(i18n: I18nContext<Locale>, error: &Error) -> Option<String> {
    match error {
        Error::Invalid { .. } | Error::Conflict(_) => None,
        Error::TooManyAttempts { retry_after_seconds, .. } => {
            Some(t_string!(i18n, session.form.attempts, seconds = *retry_after_seconds).to_string())
        }
        other => Some(message(i18n, other)),
    }
}
