//! What a group of users is called.

super::name::name! {
    /// The name of a group of users, in lower case.
    GroupName, InvalidGroupName, "group"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_named_as_a_user_is() {
        assert_eq!(GroupName::parse(" Dev-Team ").as_ref().map(GroupName::as_str), Ok("dev-team"));
        assert_eq!(GroupName::parse(""), Err(InvalidGroupName::Missing));
        assert_eq!(GroupName::parse("a b"), Err(InvalidGroupName::Form));
        assert_eq!(GroupName::parse(&"a".repeat(65)), Err(InvalidGroupName::TooLong));
        let error = serde_json::from_str::<GroupName>("\"a b\"").map_err(|error| error.to_string());
        assert!(error.is_err_and(|error| error.starts_with("the name of a group is letters")));
    }
}
