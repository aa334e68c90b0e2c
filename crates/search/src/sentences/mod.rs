//! What a sentence means, as a vector: sentences that mean alike point the same way, in whatever words and language.
//!
//! The model is Google's Universal Sentence Encoder, multilingual, version 3 (Apache-2.0): pieces of words, their
//! vectors, what neighbours change in them, and a small network over the sum. It is embedded by `build.rs`.

mod network;
mod weights;

use kitoken::Kitoken;
use std::sync::{Arc, OnceLock};

use weights::Weights;

#[cfg(sentences)]
static MODEL: Option<&[u8]> = Some(include_bytes!(env!("MACAW_SENTENCES")));
#[cfg(not(sentences))]
static MODEL: Option<&[u8]> = None;

/// The pieces with which every sentence starts and ends.
const START: u32 = 1;
const END: u32 = 2;
/// A piece that the model does not know.
const UNKNOWN: u32 = 0;
/// Pieces of one sentence that are read; a longer one is an essay.
const MOST_PIECES: usize = 128;
/// Pieces that are computed at once: enough to read the weights once for many sentences, few enough to stay in cache.
const BATCH: usize = 384;

/// What stands in the way of a model that is there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ModelError {
    #[error("the model of sentences is damaged: {0}")]
    Damaged(String),
}

/// A sentence's direction, of length 127 in steps of 1: 512 numbers, shared by those who hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meaning(Arc<[i8]>);

impl Meaning {
    fn of(unit: &[f32]) -> Self {
        Self(unit.iter().map(|v| (v * 127.0).round() as i8).collect())
    }

    /// The cosine between two, -1 to 1.
    pub(crate) fn alike(&self, other: &Self) -> f32 {
        let product = |(a, b): (&i8, &i8)| i32::from(*a) * i32::from(*b);
        let dot = |a: &Self, b: &Self| a.0.iter().zip(b.0.iter()).map(product).sum::<i32>() as f32;
        dot(self, other) / (dot(self, self) * dot(other, other)).sqrt().max(1.0)
    }
}

/// The model, ready to be asked.
pub(crate) struct Sentences {
    pieces: Kitoken,
    weights: Weights,
}

impl Sentences {
    /// The model, where the build embedded one. Blocking: the first call reads it (some 0.1 s).
    pub(crate) fn get() -> Option<&'static Self> {
        static LOADED: OnceLock<Option<Sentences>> = OnceLock::new();
        let load = || Self::load(MODEL?).inspect_err(|error| tracing::error!(%error, "words only are compared")).ok();
        LOADED.get_or_init(load).as_ref()
    }

    fn load(bytes: &'static [u8]) -> Result<Self, ModelError> {
        let (pieces, weights) = weights::read(bytes)?;
        Ok(Self { pieces, weights })
    }

    /// The meaning of each text, in order.
    pub(crate) fn meanings(&self, texts: &[&str]) -> Vec<Meaning> {
        let mut meanings = Vec::with_capacity(texts.len());
        let mut batch: Vec<Vec<u32>> = Vec::new();
        let mut size = 0;
        for text in texts {
            let pieces = self.cut(text);
            if !batch.is_empty() && size + pieces.len() > BATCH {
                self.compute(&mut batch, &mut meanings);
                size = 0;
            }
            size += pieces.len();
            batch.push(pieces);
        }
        self.compute(&mut batch, &mut meanings);
        meanings
    }

    fn compute(&self, batch: &mut Vec<Vec<u32>>, into: &mut Vec<Meaning>) {
        if batch.is_empty() {
            return;
        }
        let found = network::encode(&self.weights, batch);
        into.extend(found.rows().into_iter().map(|row| Meaning::of(&row.to_vec())));
        batch.clear();
    }

    /// The pieces of a text, with start and end.
    fn cut(&self, text: &str) -> Vec<u32> {
        let mut pieces = vec![START];
        match self.pieces.encode(text, false) {
            Ok(found) if !found.is_empty() => pieces.extend(found.into_iter().take(MOST_PIECES)),
            _ => pieces.push(UNKNOWN),
        }
        pieces.push(END);
        pieces
    }
}

/// A build without the model has nothing to test here; `make test` fetches it first.
#[cfg(all(test, sentences))]
mod tests {
    use super::*;

    fn model() -> &'static Sentences {
        Sentences::get().expect("the embedded model is sound")
    }

    fn alike(a: &str, b: &str) -> f32 {
        let meanings = model().meanings(&[a, b]);
        meanings[0].alike(&meanings[1])
    }

    #[test]
    fn a_paraphrase_without_a_shared_word_is_nearer_than_small_talk() {
        assert!(alike("怎么申请退货", "我想把东西退回去") > alike("怎么申请退货", "今天天气怎么样"));
    }

    #[test]
    fn languages_meet() {
        assert!(alike("怎么申请退货", "how do i return an item") > 0.4);
        assert!(alike("今天天气怎么样", "how do i return an item") < 0.3);
    }

    /// What is computed together must not leak into one another.
    #[test]
    fn a_sentence_means_the_same_alone_and_among_others() {
        let texts = ["退款多久到账", "a", "", "this is a rather long sentence about nothing in particular", "运费谁出"];
        let together = model().meanings(&texts);
        for (text, meaning) in texts.iter().zip(&together) {
            let alone = model().meanings(&[text]);
            assert!(alone[0].alike(meaning) > 0.999, "{text:?}");
        }
    }

    #[test]
    fn any_text_has_a_meaning() {
        let long = "退".repeat(100_000);
        let texts = ["", " ", "\0\u{feff}", "🙂🙂", "ǅ\u{301}\u{301}", long.as_str(), "العربية"];
        assert_eq!(model().meanings(&texts).len(), texts.len());
        assert!((alike("", "") - 1.0).abs() < 0.01);
    }

    #[test]
    fn nothing_has_no_meanings() {
        assert!(model().meanings(&[]).is_empty());
    }
}
