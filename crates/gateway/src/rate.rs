//! How many frames a connection may send; what they ask for has limits of its own.

use macaw_app::Rate;

/// Any frames of a visitor: typing, reading and watching together stay far below.
pub(crate) const VISITOR_FRAMES: Rate = Rate { burst: 200, window_ms: 10_000 };
/// Any frames of an agent, who has many conversations open.
pub(crate) const AGENT_FRAMES: Rate = Rate { burst: 1_000, window_ms: 10_000 };
