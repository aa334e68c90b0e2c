//! The small model that turns what is seen of a question and an entry into an order and a probability.
//!
//! Two steps. The order: every entry gets a strength, a weighted sum of [`Features`]. The gate: how sure it is
//! that the first entry is meant, a logistic sum of [`Doubts`], where the lead over the second entry counts too.
//! The weights are fitted by `cargo run --release -p macaw-search --example fit -- KNOWLEDGE.csv SET.csv …` on the
//! labelled sets in `tests/data`, pulled towards [`START`]; the figures are in `docs/guide/knowledge.md`.

/// The number of features.
pub const FEATURES: usize = 25;

/// What is seen of a question and one phrase of an entry; shares are 0 to 1, flags 0 or 1.
///
/// 0 one; 1 share of the question that the phrase covers; 2 that the entry covers; 3 share of the phrase that the
/// question covers; 4 character pairs alike; 5 asks the same way; 6 asks another way; 7 names the opposite;
/// 8 heaviest open word of the question; 9 of the phrase; 10 log of the matched weight; 11 same text; 12 same
/// language; 13 as 2, of all clauses; 14 cover of the heaviest word; 15 share that only the answer covers; 16 one
/// word only; 17 open words; 18 product of 1 and 3; 19 share and 20 log weight of words that the tenant lacks;
/// 21 the phrase and 22 the question asks in a way that the other does not; 23 the answer holds the kind of fact
/// that is asked for; 24 share of the question that these clauses are.
pub type Features = [f32; FEATURES];

/// The number of doubts.
pub const DOUBTS: usize = 22;

/// What the gate looks at.
pub type Doubts = [f32; DOUBTS];

/// Both sets of weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Of [`Features`].
    pub order: Features,
    /// Of [`Doubts`].
    pub gate: Doubts,
}

/// Weights set by hand, where the fit begins.
pub const START: Weights = Weights {
    order: [
        0.0, 2.0, 3.0, 2.0, 1.0, 0.8, -0.8, -3.0, -2.0, -1.0, 1.0, 5.0, 1.5, 2.0, 0.5, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0,
        -0.5, -0.5, 0.4, 1.0,
    ],
    gate: [
        -4.0, 0.3, 0.8, 1.5, 1.0, -1.0, 1.0, 0.3, -1.0, -0.3, 3.0, 0.0, 0.5, -0.5, -1.0, 0.0, -0.3, -0.5, 0.3, 0.3,
        0.0, 0.5,
    ],
};

/// From here on the mass of a question's words says no more.
const LONGEST: f32 = 2.6;

/// The fitted weights.
pub const FITTED: Weights = Weights {
    order: [
        0.001, 1.200, 2.975, 2.059, 2.158, 0.871, -0.736, -1.434, -1.138, -0.650, 1.308, 5.002, 2.841, 2.114, -0.728,
        0.741, 0.137, -1.079, 1.936, 0.004, 0.009, 0.244, -1.040, 0.682, 0.848,
    ],
    gate: [
        -4.500, 0.341, 0.242, 0.666, -0.075, -0.451, -0.417, 0.752, -1.788, 0.187, 3.009, 0.545, -0.433, -0.469,
        -0.783, -0.774, -0.078, -0.384, 0.020, -0.090, 0.291, -0.712,
    ],
};

/// Weighted sum.
#[must_use]
pub fn strength(weights: &Features, seen: &Features) -> f32 {
    weights.iter().zip(seen).map(|(w, x)| w * x).sum()
}

/// The probability that the first entry is meant.
#[must_use]
pub fn sure(weights: &Weights, doubts: &Doubts) -> f32 {
    let sum: f32 = weights.gate.iter().zip(doubts).map(|(w, x)| w * x).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// What the gate looks at: the first entry, its lead, and the weight of the question's words, near and stray.
#[must_use]
pub fn doubts(first: (f32, &Features), second: f32, mass: (f32, f32)) -> Doubts {
    let (strength, x) = first;
    let lead = (strength - second).clamp(0.0, 6.0);
    let stray = mass.1 / (mass.0 + mass.1).max(0.1);
    [
        1.0,
        strength - 6.0,
        lead,
        x[2],
        x[3],
        x[8],
        x[13],
        x[10],
        stray,
        (1.0 + mass.1).ln(),
        x[11],
        // A long question is not the surer for its length.
        (1.0 + mass.0).ln().min(LONGEST),
        x[4],
        x[6],
        x[7],
        x[19],
        x[21],
        x[22],
        x[23],
        x[5],
        x[16],
        x[1],
    ]
}
