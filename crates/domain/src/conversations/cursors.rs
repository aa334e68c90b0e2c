//! How far the two sides have come in the public log.

use super::Conversation;

/// A side of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The visitor.
    Visitor,
    /// The agents.
    Agents,
}

/// What moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cursor {
    /// A person of that side has read up to here.
    Read(Side),
    /// A device of that side has received up to here.
    Delivered(Side),
}

impl Conversation {
    /// Moves a cursor forward, never beyond the head; `false` when nothing is new. What was read was
    /// delivered, so that a delivery up to there says nothing new.
    pub fn move_cursor(&mut self, cursor: Cursor, seq: u64) -> bool {
        let seq = seq.min(self.head);
        let (place, known) = match cursor {
            Cursor::Read(Side::Visitor) => (&mut self.read_visitor, 0),
            Cursor::Read(Side::Agents) => (&mut self.read_agent, 0),
            Cursor::Delivered(Side::Visitor) => (&mut self.delivered_visitor, self.read_visitor),
            Cursor::Delivered(Side::Agents) => (&mut self.delivered_agent, self.read_agent),
        };
        let moves = seq > (*place).max(known);
        if moves {
            *place = seq;
        }
        moves
    }

    /// Up to where the devices of a side have received; never less than what it has read.
    pub fn delivered(&self, side: Side) -> u64 {
        match side {
            Side::Visitor => self.delivered_visitor.max(self.read_visitor),
            Side::Agents => self.delivered_agent.max(self.read_agent),
        }
    }
}
