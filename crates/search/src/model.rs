//! The small model that turns what is seen of a question and an entry into an order and a probability.
//!
//! Two steps. The order: every entry gets a strength, a weighted sum of [`Features`]. The gate: how sure it is
//! that the first entry is meant, a logistic sum of [`Doubts`], where the lead over the second entry counts too.
//! The weights are fitted by `cargo run --release -p macaw-search --example fit -- KNOWLEDGE.csv SET.csv …` on the
//! labelled sets in `tests/data`, pulled towards [`START`]; the figures are in `docs/guide/knowledge.md`.

/// The number of features.
pub const FEATURES: usize = WORDS + SENSED;
/// Those that look at words.
pub const WORDS: usize = 25;
/// Those that look at meanings; all 0 without a model of sentences.
pub const SENSED: usize = 6;

/// What is seen of a question and one phrase of an entry; shares are 0 to 1, flags 0 or 1.
///
/// 0 one; 1 share of the question that the phrase covers; 2 that the entry covers; 3 share of the phrase that the
/// question covers; 4 character pairs alike; 5 asks the same way; 6 asks another way; 7 names the opposite;
/// 8 heaviest open word of the question; 9 of the phrase; 10 log of the matched weight; 11 same text; 12 same
/// language; 13 as 2, of all clauses; 14 cover of the heaviest word; 15 share that only the answer covers; 16 one
/// word only; 17 open words; 18 product of 1 and 3; 19 share and 20 log weight of words that the tenant lacks;
/// 21 the phrase and 22 the question asks in a way that the other does not; 23 the answer holds the kind of fact
/// that is asked for; 24 share of the question that these clauses are;
/// 25 cosine of these clauses and the phrase; 26 and the answer; 27 by how many deviations the entry stands out by its
/// nearest phrase, 28 by its answer; 29 how far it leads, or lags behind the first, by phrase, 30 by answer.
pub type Features = [f32; FEATURES];

/// The number of doubts.
pub const DOUBTS: usize = 34;

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
        -0.5, -0.5, 0.4, 1.0, 3.0, 1.5, 0.5, 0.3, 3.0, 1.5,
    ],
    gate: [
        -4.0, 0.3, 0.8, 1.5, 1.0, -1.0, 1.0, 0.3, -1.0, -0.3, 3.0, 0.0, 0.5, -0.5, -1.0, 0.0, -0.3, -0.5, 0.3, 0.3,
        0.0, 0.5, 1.0, 0.5, 0.2, 0.1, 0.5, 0.3, 1.0, 0.0, 0.5, 0.3, 0.5, 0.1,
    ],
};

/// From here on the mass of a question's words says no more.
const LONGEST: f32 = 2.6;

/// The fitted weights.
pub const FITTED: Weights = Weights {
    order: [
        -0.000, 0.118, 1.937, 0.755, 0.500, 0.483, -0.585, -2.304, -0.974, -0.369, 1.090, 5.000, 2.104, 1.562, -0.241,
        0.753, -0.342, -0.512, 0.964, 0.073, 0.458, -0.080, -0.768, 0.323, 1.722, 3.100, 1.587, 0.237, 0.323, 2.343,
        1.431,
    ],
    gate: [
        -3.959, 0.028, -0.046, 0.858, 0.697, -0.391, 0.563, 0.778, -1.537, 0.494, 3.059, 0.385, -0.601, -0.613, -1.013,
        -0.377, 0.094, -0.180, 0.451, -0.135, 0.317, -0.314, 0.482, 0.140, 0.072, 0.100, 0.205, 0.363, 1.396, 0.261,
        0.149, 0.045, -0.152, 0.279,
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

/// What the other entries say of the first.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Others {
    /// The share of all that speaks for any entry which speaks for the first, as a logarithm.
    pub alone: f32,
    /// How far the first leads, or lags behind the best, by words alone.
    pub by_words: f32,
}

/// What the gate looks at: the first entry, its lead, and the weight of the question's words, near and stray.
#[must_use]
pub fn doubts(first: (f32, &Features), second: f32, others: Others, mass: (f32, f32)) -> Doubts {
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
        x[25],
        x[26],
        x[27],
        x[28],
        x[29] * 5.0,
        x[30] * 5.0,
        others.alone,
        x[24],
        f32::from(u8::from(x[29] > 0.0)),
        f32::from(u8::from(x[30] > 0.0)),
        f32::from(u8::from(others.by_words > 0.0)),
        others.by_words.clamp(-3.0, 3.0),
    ]
}
