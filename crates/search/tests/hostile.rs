//! Whatever a stranger sends, the index answers and does not panic.

use macaw_search::{Entry, KnowledgeIndex};
use proptest::prelude::*;

fn shop() -> KnowledgeIndex {
    let entry = |id: &str, question: &str, answer: &str| Entry {
        id: id.to_owned(),
        question: question.to_owned(),
        alternatives: vec!["退货流程".to_owned(), "return \0 policy".to_owned()],
        answer: answer.to_owned(),
    };
    let entries = [entry("a", "怎么申请退货", "在订单里点退货"), entry("b", "How long is a refund?", "3 days")];
    KnowledgeIndex::build(&entries).expect("a small index")
}

#[test]
fn huge_nested_and_broken_texts_are_read_to_their_bound() {
    let index = shop();
    let texts = [
        "退".repeat(100_000),
        "((((".repeat(25_000),
        "🙂\u{0}\u{200d}🙂".repeat(10_000),
        "不是退货是".repeat(20_000),
        "tuikuan ".repeat(10_000),
        "a".repeat(100_000),
        "，。？\n".repeat(20_000),
        "１２３４".repeat(20_000),
    ];
    for text in texts {
        let outcome = index.ask(&text).expect("a good index");
        assert!(outcome.hits.iter().all(|h| (0.0..=1.0).contains(&h.score)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_has_an_outcome_with_probabilities(text in "\\PC{0,80}", other in "[退货款不是要我想、， a-z0-9']{0,60}") {
        let index = shop();
        for text in [text, other] {
            let outcome = index.ask(&text).expect("a good index");
            prop_assert!(outcome.hits.iter().all(|h| (0.0..=1.0).contains(&h.score)));
        }
    }

    #[test]
    fn any_knowledge_can_be_built(question in "\\PC{1,40}", answer in "\\PC{0,80}") {
        let entry = Entry { id: "1".to_owned(), question: question.clone(), alternatives: Vec::new(), answer };
        let index = KnowledgeIndex::build(&[entry]).expect("a small index");
        index.ask(&question).expect("a good index");
    }
}
