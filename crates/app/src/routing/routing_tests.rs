use super::*;
use crate::Param;
use macaw_domain::SiteId;
use proptest::prelude::*;
use uuid::Uuid;

fn facts(text: &str) -> Facts<'_> {
    Facts { text, tenant: None, site: None, identified: false, now: 0 }
}

fn read(text: &str) -> Routes {
    Routes::read(text).unwrap_or_else(|error| panic!("{error}"))
}

fn index(routes: &Routes, text: &str) -> Option<usize> {
    routes.route(&facts(text)).and_then(|routed| routed.index)
}

#[test]
fn the_founding_form_parses_unchanged() {
    let routes = read(
        "rules:\n  - pattern: \".*退货.*\"\n    ai_engine: \"kozi\"\n    params:\n      model: \"commerce_v2\"\n  - pattern: \".*\"\n    ai_engine: \"fastgpt\"\n",
    );
    let routed = routes.route(&facts("我想退货怎么办")).expect("it matches");
    assert_eq!((routed.index, routed.name), (Some(0), None));
    let [step] = &routed.route.steps[..] else { panic!("{routed:?}") };
    assert_eq!(step.engine, "coze");
    assert_eq!(step.params, [("model".to_owned(), Param::Text("commerce_v2".into()))].into());
    assert!(routed.why.contains("退货"), "{}", routed.why);
    assert_eq!(index(&routes, "hello"), Some(1));
    let flow = read("rules: [{pattern: \".*退货.*\", ai_engine: \"kozi\", params: {model: \"commerce_v2\"}}]");
    assert_eq!(index(&flow, "退货"), Some(0));
}

#[test]
fn the_first_rule_that_matches_wins_whatever_way_it_is_found() {
    let text = "rules:\n- {pattern: '^\\d+$', ai_engine: a}\n- {pattern: '退货.{0,3}运费', ai_engine: b}\n- {pattern: '退货', ai_engine: c}\n- {pattern: '运费', ai_engine: d}\n- {pattern: '.*', ai_engine: e}\n- {pattern: '退', ai_engine: f}\n";
    let routes = read(text);
    for (asked, expected) in
        [("123", 0), ("退货的运费", 1), ("退货以后谁来付运费", 2), ("运费多少", 3), ("退款", 4), ("", 4)]
    {
        assert_eq!(index(&routes, asked), Some(expected), "{asked}");
    }
}

#[test]
fn names_chains_conditions_and_a_default_are_read() {
    let site = SiteId(Uuid::from_u128(9));
    let text = format!(
        "rules:\n- name: returns\n  pattern: 退货\n  conditions: {{sites: ['{site}'], language: [zh], identified: true}}\n  ai_engine: kozi\n  chain: [knowledge, {{ai_engine: dify, params: {{n: 3, x: 1.5, yes: true, no: ~, q: '3', l: [1]}}}}]\n- name: people\n  pattern: 投诉\n  handoff: true\ndefault:\n  ai_engine: knowledge\n"
    );
    let routes = read(&text);
    let asked = Facts { site: Some(site), identified: true, ..facts("退货") };
    let routed = routes.route(&asked).expect("it matches");
    assert_eq!(routed.name, Some("returns"));
    let engines: Vec<_> = routed.route.steps.iter().map(|step| step.engine.as_str()).collect();
    assert_eq!(engines, ["coze", "knowledge", "dify"]);
    let params = &routed.route.steps[2].params;
    assert_eq!(params["n"], Param::Integer(3));
    assert_eq!((&params["x"], &params["q"]), (&Param::Number(1.5), &Param::Text("3".into())));
    let elsewhere = routes.route(&facts("退货")).expect("the default");
    assert_eq!((elsewhere.index, elsewhere.route.steps[0].engine.as_str()), (None, "knowledge"));
    let people = routes.route(&facts("我要投诉")).expect("it matches");
    assert!(people.route.handoff && people.route.steps.is_empty());
}

#[test]
fn what_is_wrong_is_refused_where_it_stands() {
    for (text, line, column, words) in [
        ("", 1, 1, "rules are missing"),
        ("ruls: []\n", 1, 1, "unknown key ruls"),
        ("rules:\n  - pattern: \"a(b\"\n    ai_engine: x\n", 2, 16, "unclosed group"),
        ("rules:\n  - pattern: a(b\n    ai_engine: x\n", 2, 15, "unclosed group"),
        ("rules:\n  - pattern: '(?=a)'\n    ai_engine: x\n", 2, 15, "look-around"),
        ("rules:\n  - pattern: '退货(a)\\1'\n    ai_engine: x\n", 2, 20, "backreference"),
        ("rules:\n  - pattern: a\n", 2, 5, "ai_engine is missing"),
        ("rules:\n  - pattern: a\n    ai_engine: [x]\n", 3, 16, "expected text"),
        ("rules:\n  - pattern: a\n    ai_engin: x\n", 3, 5, "unknown key ai_engin"),
        ("rules:\n  - pattern: a\n    pattern: b\n    ai_engine: x\n", 3, 5, "given twice"),
        ("rules:\n  - ai_engine: x\n", 2, 5, "a rule has a pattern"),
        ("rules:\n  - pattern: &a b\n    ai_engine: *a\n", 2, 14, "anchors"),
        (
            "rules:\n  - pattern: a\n    ai_engine: x\n    conditions: {hours: {from: '9', to: '10:00'}}\n",
            4,
            32,
            "a time such as",
        ),
        ("rules:\n  - {pattern: a, ai_engine: x\n", 3, 1, ""),
        ("rules:\n\t- a\n", 2, 2, "tabs"),
        ("rules: []\n---\nrules: []\n", 2, 1, "a second document"),
        ("rules: 7\n", 1, 8, "expected a list"),
    ] {
        let error = Routes::read(text).expect_err(text);
        assert_eq!((error.place.line, error.place.column), (line, column), "{text}\n{error}");
        assert!(error.message.contains(words), "{text}\n{error}");
    }
}

#[test]
fn hostile_patterns_and_files_are_refused_or_harmless() {
    let huge = "rules:\n- {pattern: '(a{1000}){1000}', ai_engine: x}\n";
    assert!(Routes::read(huge).expect_err("too large").message.contains("too large"));
    let deep = format!("rules: {}", "[".repeat(200));
    assert!(Routes::read(&deep).is_err());
    // Exponential for a matcher that goes back; linear here.
    let routes = read("rules:\n- {pattern: '^(a+)+$', ai_engine: x}\n");
    assert_eq!(index(&routes, &format!("{}!", "a".repeat(10_000))), None);
}

#[test]
fn engines_that_are_not_there_are_warned_about_at_their_rule() {
    let routes = read("rules:\n- pattern: a\n  ai_engine: kozi\n  chain: [nobody]\n");
    let warnings = routes.warnings(&crate::Engines::default());
    let told: Vec<_> = warnings.iter().map(|warning| (warning.place.line, warning.message.as_str())).collect();
    assert!(told[0].0 == 3 && told[0].1.contains("coze is not configured"), "{told:?}");
    assert!(told[1].0 == 4 && told[1].1.contains("nobody"), "{told:?}");
}

#[test]
fn many_rules_without_a_word_are_warned_about() {
    let rules: String = (0..60).map(|n| format!("- {{pattern: '\\d{{{n},}}x?', ai_engine: x}}\n")).collect();
    let warnings = read(&format!("rules:\n{rules}")).warnings(&crate::Engines::default());
    assert!(warnings.iter().any(|warning| warning.message.contains("tried on every question")));
}

#[test]
fn other_rules_take_effect_and_a_turn_keeps_its_own() {
    let routing = Routing::default();
    let before = routing.now();
    routing.replace(read("rules: [{pattern: a, ai_engine: x}]"));
    assert!(before.is_empty());
    assert_eq!(routing.now().len(), 1);
}

proptest! {
    /// One by one and in order, as a person would read the file.
    #[test]
    fn the_automaton_finds_what_reading_in_order_finds(
        patterns in prop::collection::vec("(\\.\\*)?[ab退]{1,2}(\\.\\*|\\.\\?|\\+|[ab]\\?|\\|b|\\{2\\})?[ab货]{0,2}(\\.\\*)?", 1..8),
        text in "[ab退货]{0,8}",
    ) {
        let rules: String = patterns.iter().map(|pattern| format!("- pattern: \"{pattern}\"\n  ai_engine: x\n")).collect();
        let routes = read(&format!("rules:\n{rules}"));
        let expected = patterns.iter().position(|pattern| Regex::new(pattern).is_ok_and(|regex| regex.is_match(&text)));
        prop_assert_eq!(index(&routes, &text), expected, "{:?} on {}", patterns, text);
    }

    #[test]
    fn no_file_panics(text in any::<String>()) {
        let _ = Routes::read(&text);
    }

    #[test]
    fn nearly_good_files_do_not_panic(text in "(rules:|- pattern: |ai_engine: |[a&*!\"'{}\\[\\]:, ~\n\t-]|hours: ){0,30}") {
        let _ = Routes::read(&text);
    }
}
