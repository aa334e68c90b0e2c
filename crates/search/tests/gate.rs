//! The gate that visitors meet: what may be answered, and what must not.

use macaw_search::{Entry, KnowledgeIndex};

fn entry(id: &str, question: &str, alternatives: &[&str]) -> Entry {
    let alternatives = alternatives.iter().map(|a| (*a).to_owned()).collect();
    Entry {
        id: id.to_owned(),
        question: question.to_owned(),
        alternatives,
        answer: "3 天之内 / within 3 days".to_owned(),
    }
}

fn shop() -> KnowledgeIndex {
    let entries = [
        entry("before", "发货前怎么修改收货地址", &["没发货改地址"]),
        entry("refund", "退款多久到账", &[]),
        entry("refund-en", "How long does a refund take?", &[]),
        entry("hours", "人工客服几点上班", &[]),
    ];
    KnowledgeIndex::build(&entries).expect("a good test")
}

fn answer(text: &str) -> Option<String> {
    let outcome = shop().ask(text).expect("a good test");
    outcome.hits.into_iter().next().filter(|_| outcome.answerable).map(|h| h.entry_id)
}

#[test]
fn opposite_entry_does_not_answer() {
    assert_eq!(answer("还没发货能改地址吗").as_deref(), Some("before"));
    assert_eq!(answer("已经发货了能改地址吗"), None);
}

#[test]
fn asking_for_a_human_is_not_a_question() {
    assert_eq!(answer("转人工客服"), None);
    assert!(shop().ask("我要真人").expect("a good test").wants_human);
    assert_eq!(answer("人工客服几点上班").as_deref(), Some("hours"));
}

#[test]
fn askers_language_is_respected() {
    assert_eq!(answer("refund how long").as_deref(), Some("refund-en"));
    assert_eq!(answer("退款要多久").as_deref(), Some("refund"));
}

#[test]
fn empty_text_noise_and_an_empty_index_answer_nothing() {
    for text in ["", "？？？", "谢谢", "🙂", "asdf qwer"] {
        assert_eq!(answer(text), None, "{text:?}");
    }
    assert!(!KnowledgeIndex::build(&[]).expect("a good test").ask("退款").expect("a good test").answerable);
}
