//! What differs between two texts, line by line.

use serde::{Deserialize, Serialize};

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What became of it.
    pub change: Change,
    /// The line, without its end.
    pub text: String,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is in both.
    Same,
    /// It came.
    Added,
    /// It went.
    Removed,
}

/// The shortest way from `before` to `after`: what both begin and end with is set aside, of the rest the longest
/// common subsequence is kept.
pub(super) fn difference(before: &str, after: &str) -> Vec<Line> {
    let (old, new): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (middle_old, middle_new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let line = |change, text: &&str| Line { change, text: (*text).to_owned() };
    let mut lines: Vec<Line> = old[..head].iter().map(|text| line(Change::Same, text)).collect();

    // common[i][j]: how many lines middle_old[i..] and middle_new[j..] have in common.
    let mut common = vec![vec![0_u32; middle_new.len() + 1]; middle_old.len() + 1];
    for i in (0..middle_old.len()).rev() {
        for j in (0..middle_new.len()).rev() {
            common[i][j] = if middle_old[i] == middle_new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < middle_old.len() || j < middle_new.len() {
        if i < middle_old.len() && j < middle_new.len() && middle_old[i] == middle_new[j] {
            lines.push(line(Change::Same, &middle_old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == middle_new.len() || (i < middle_old.len() && common[i + 1][j] >= common[i][j + 1]) {
            lines.push(line(Change::Removed, &middle_old[i]));
            i += 1;
        } else {
            lines.push(line(Change::Added, &middle_new[j]));
            j += 1;
        }
    }
    lines.extend(old[old.len() - tail..].iter().map(|text| line(Change::Same, text)));
    lines
}
