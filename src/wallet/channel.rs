//! Ways into the account. One may be restricted while another works (TRI-06); a case and an operation are addressed by name and
//! live on whichever way the holder comes back (CH-04, CH-05).

use super::happened::Happened;
use super::step::Step;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The phone app.
    App,
    /// The web edition.
    Web,
    /// Support and operator.
    Operator,
    /// Banks, carriers, sweeps: nobody in front of a screen.
    System,
}

/// Channels that are restricted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelHolds(BTreeSet<Channel>);

impl ChannelHolds {
    /// Whether this way is closed.
    pub fn is_closed(&self, channel: Channel) -> bool {
        self.0.contains(&channel)
    }

    /// The closed ways.
    pub fn iter(&self) -> impl Iterator<Item = Channel> + '_ {
        self.0.iter().copied()
    }
}

/// Closes one way for the holder, or opens it; operator and system cannot be closed.
pub(super) fn restrict(step: &mut Step<'_>, channel: Channel, closed: bool) {
    let holds = &mut step.wallet.facts.channel_holds.0;
    let changed = match (channel, closed) {
        (Channel::Operator | Channel::System, _) => false,
        (_, true) => holds.insert(channel),
        (_, false) => holds.remove(&channel),
    };
    if changed {
        step.tell(if closed { Happened::ChannelRestricted { channel } } else { Happened::ChannelReleased { channel } });
        step.cite(&["TRI-06"]);
    }
}
