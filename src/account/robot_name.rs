//! What a robot, the account of a machine, is called, and what it signs in as.

super::name::name! {
    /// The name of a robot, in lower case.
    RobotName, InvalidRobotName, "robot"
}

/// What stands before a robot's name where it signs in. No user has a name of this kind.
pub const ROBOT_PREFIX: &str = "robot+";

impl RobotName {
    /// The name that the robot signs in with: `robot+ci`.
    pub fn login(&self) -> String {
        format!("{ROBOT_PREFIX}{self}")
    }

    /// The robot that signs in with this name; `None` if it is not a robot's.
    pub fn of_login(login: &str) -> Option<Self> {
        Self::parse(login.trim().strip_prefix(ROBOT_PREFIX)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_robot_signs_in_with_a_name_that_no_user_has() {
        let robot = RobotName::parse("ci").ok();
        assert_eq!(robot.as_ref().map(RobotName::login).as_deref(), Some("robot+ci"));
        assert_eq!(RobotName::of_login("robot+ci"), robot);
        assert_eq!(RobotName::of_login("ci"), None);
        assert_eq!(RobotName::of_login("robot+"), None);
        assert!(crate::account::UserName::parse("robot+ci").is_err());
    }
}
