//! Tells from the order of events whether a proxy takes in whole bodies before it sends them on.
//!
//! The registry reads nothing of a probe's body until it is told to. Without a buffer in between the browser can then
//! never have sent all of it, however long it waits: the sockets on the way are full. With one the browser can.

/// How many looks in a row must show no progress. More than a browser needs to tell of what it has sent, which is 100 ms.
const STILL: u32 = 10;

/// How a body came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// As the browser sent it.
    Streamed,
    /// Taken in as a whole first.
    Gathered,
}

/// What was seen so far of a body that nobody reads.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    sent: u64,
    still: u32,
}

impl Watch {
    /// Takes in one look, a while after the last: how much of `size` bytes the browser has sent, and whether the registry
    /// has seen the request's head. Returns how the body passes once that is clear.
    pub fn look(&mut self, sent: u64, size: u64, arrived: bool) -> Option<Passage> {
        if sent >= size {
            return Some(Passage::Gathered);
        }
        // A slow line, or a proxy that has not passed anything on yet: neither says anything.
        if sent != self.sent || !arrived {
            (self.sent, self.still) = (sent, 0);
            return None;
        }
        self.still += 1;
        (self.still >= STILL).then_some(Passage::Streamed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: u64 = 1000;

    /// What comes of these looks, and after how many.
    fn watch(looks: impl IntoIterator<Item = (u64, bool)>) -> Option<(usize, Passage)> {
        let mut watch = Watch::default();
        looks.into_iter().enumerate().find_map(|(at, (sent, arrived))| Some((at, watch.look(sent, SIZE, arrived)?)))
    }

    #[test]
    fn a_body_that_stands_still_is_passed_on_as_it_comes() {
        let stalled = [(100, true), (300, true)].into_iter().chain(std::iter::repeat_n((400, true), 20));
        assert_eq!(watch(stalled), Some((12, Passage::Streamed)));
    }

    #[test]
    fn a_body_that_is_gone_was_gathered_whenever_its_head_arrives() {
        assert_eq!(watch([(500, false), (1000, false)]), Some((1, Passage::Gathered)));
        assert_eq!(watch([(500, true), (900, true), (1000, true)]), Some((2, Passage::Gathered)));
    }

    #[test]
    fn slowness_says_nothing() {
        // A slow line: each look shows a byte more.
        assert_eq!(watch((1..200).map(|sent| (sent, true))), None);
        // A busy proxy, which has the body and no time to send it on.
        assert_eq!(watch(std::iter::repeat_n((400, false), 200)), None);
    }
}
