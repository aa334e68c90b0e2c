//! The look of a site: what a manager sets is what visitors' browsers are told.

use crate::world::{World, ok, problem};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const DOT: &[u8] = include_bytes!("authorisation/dot.png");

async fn card(world: &World, lang: &str) -> Value {
    let path = format!("/api/v1/visitor/site/{}?lang={lang}", world.site);
    let answer = world.request(Method::GET, &path).send().await.unwrap();
    let text = answer.text().await.unwrap();
    assert!(text.len() <= 2_048, "{} bytes before the first click", text.len());
    serde_json::from_str(&text).unwrap()
}

fn settings(look: &Value) -> Value {
    json!({
        "name": "商店", "colour": "#0b7a3b", "greeting": "好".repeat(300), "suggestions": ["退货？", "发货？"], "look": look,
    })
}

#[tokio::test]
async fn a_visitor_is_told_the_look_in_its_language_and_in_few_bytes() {
    let world = World::start();
    let session = world.sign_in().await;
    let path = format!("/api/v1/sites/{}", world.site);
    let english = json!({ "lang": "en", "title": "Help desk", "greeting": "Hello", "suggestions": ["Returns?"] });
    let look = json!({ "corner": "left", "title": "", "face": "initial", "powered": false, "languages": [english] });
    let put = |body: Value| world.by(&session, Method::PUT, &path).json(&body).send();
    let site = ok(put(settings(&look)).await.unwrap()).await;
    assert_eq!(site["look"]["languages"][0]["title"], "Help desk");
    let (zh, en) = (card(&world, "zh-CN").await, card(&world, "en-GB").await);
    assert_eq!((&zh["title"], &zh["suggestions"]), (&json!("商店"), &json!(["退货？", "发货？"])));
    assert_eq!(
        (&en["title"], &en["greeting"], &en["suggestions"]),
        (&json!("Help desk"), &json!("Hello"), &json!(["Returns?"]))
    );
    assert_eq!((&en["corner"], &en["face"], &en["powered"]), (&json!("left"), &json!("initial"), &json!(false)));
    // Who does not speak of the look leaves it as it is.
    ok(put(json!({ "name": "商店", "colour": "#0b7a3b" })).await.unwrap()).await;
    assert_eq!(card(&world, "en").await["title"], "Help desk");
    let bad = json!({ "corner": "middle", "title": "", "face": "macaw", "powered": true });
    assert_eq!(problem(put(settings(&bad)).await.unwrap()).await, (400, "invalid".into()));
}

#[tokio::test]
async fn a_logo_is_shown_under_a_new_address_each_time_and_gone_when_removed() {
    let world = World::start();
    let session = world.sign_in().await;
    let path = format!("/api/v1/sites/{}/logo", world.site);
    let post = |bytes: &'static [u8]| world.by(&session, Method::POST, &path).body(bytes).send();
    let shown = format!("/api/v1/visitor/site/{}/logo", world.site);
    assert_eq!(world.request(Method::GET, &shown).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    for bad in [&b""[..], b"<svg xmlns='http://www.w3.org/2000/svg'/>", DOT.get(..40).unwrap()] {
        assert_eq!(problem(post(bad).await.unwrap()).await, (400, "invalid".into()));
    }
    let site = ok(post(DOT).await.unwrap()).await;
    let address = site["look"]["logo"].as_str().unwrap().to_owned();
    let answer = world.request(Method::GET, &address).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
    let etag = answer.headers()["etag"].clone();
    let again = world.request(Method::GET, &address).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    // The card names it once the site shows it.
    assert_eq!(card(&world, "en").await.get("logo"), None);
    let look = json!({ "corner": "right", "title": "", "face": "logo", "powered": true });
    let body = json!({ "name": "Shop", "colour": "#0b7a3b", "look": look });
    ok(world.by(&session, Method::PUT, &format!("/api/v1/sites/{}", world.site)).json(&body).send().await.unwrap())
        .await;
    assert_eq!(card(&world, "en").await["logo"], address);
    ok(world.by(&session, Method::DELETE, &path).send().await.unwrap()).await;
    let card = card(&world, "en").await;
    assert_eq!((card.get("logo"), &card["face"]), (None, &json!("initial")));
    assert_eq!(world.request(Method::GET, &shown).send().await.unwrap().status(), StatusCode::NOT_FOUND);
}
