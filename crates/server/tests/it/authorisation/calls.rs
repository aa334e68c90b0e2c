//! How each operation is called so that nothing but a missing right can stand in its way.

/// A call of an operation. `variant` tells calls of one operation apart.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) variant: &'static str,
    /// JSON, or other text with its media type.
    pub(crate) body: Option<(&'static str, &'static str)>,
    /// What must be so before: the caller answers the conversation.
    pub(crate) taken_over: bool,
}

impl Row {
    /// Whether it names a thing of the tenant.
    pub(crate) fn names_something(&self) -> bool {
        self.path.contains('$')
    }
}

/// Operation, path with the things it names, body. `$PASSWORD` in a body is everybody's.
const CALLS: &[(&str, &str, &str)] = &[
    ("GET /chat/{site}", "/chat/$SITE", ""),
    ("GET /demo", "/demo", ""),
    ("GET /healthz", "/healthz", ""),
    ("GET /readyz", "/readyz", ""),
    ("GET /widget.js", "/widget.js", ""),
    ("GET /docs/api", "/docs/api", ""),
    ("GET /docs/api.css", "/docs/api.css", ""),
    ("GET /openapi.json", "/openapi.json", ""),
    ("POST /api/v1/auth/password", "/api/v1/auth/password", r#"{"current":"$PASSWORD","new":"$PASSWORD"}"#),
    ("POST /api/v1/auth/sign-in", "/api/v1/auth/sign-in", r#"{"email":"owner@macaw.local","password":"$PASSWORD"}"#),
    ("POST /api/v1/auth/sign-out", "/api/v1/auth/sign-out", ""),
    ("GET /api/v1/conversations", "/api/v1/conversations?view=all", ""),
    ("GET /api/v1/conversations/{id}", "/api/v1/conversations/$CONVERSATION", ""),
    ("GET /api/v1/conversations/{id}/entries", "/api/v1/conversations/$CONVERSATION/entries", ""),
    ("POST /api/v1/conversations/{id}/transfer", "/api/v1/conversations/$CONVERSATION/transfer", r#"{"queue":true}"#),
    ("POST /api/v1/invitations", "/api/v1/invitations", r#"{"email":"new@test.example","role":"agent"}"#),
    (
        "POST /api/v1/invitations/accept",
        "/api/v1/invitations/accept",
        r#"{"token":"$INVITATION","name":"New","password":"a good password"}"#,
    ),
    ("POST /api/v1/auth/reset", "/api/v1/auth/reset", r#"{"token":"$RESET","password":"$PASSWORD"}"#),
    (
        "POST /api/v1/auth/sign-up",
        "/api/v1/auth/sign-up",
        r#"{"email":"somebody@new.example","password":"a good password","name":"Somebody","tenant":"New"}"#,
    ),
    ("GET /api/v1/auth/ways", "/api/v1/auth/ways", ""),
    ("POST /api/v1/visitor/files", "/api/v1/visitor/files?name=a.txt", "some words"),
    ("POST /api/v1/conversations/{id}/files", "/api/v1/conversations/$CONVERSATION/files?name=a.txt", "some words"),
    ("GET /api/v1/files/{id}", "/api/v1/files/$FILE", ""),
    ("GET /api/v1/visitor/files/{id}", "/api/v1/visitor/files/$FILE", ""),
    ("GET /api/v1/engines", "/api/v1/engines", ""),
    (
        "POST /api/v1/engines",
        "/api/v1/engines",
        r#"{"name":"$UNIQUE","kind":"dify","settings":{"url":"https://x.example/v1"},"secrets":{"key":"k"}}"#,
    ),
    ("PUT /api/v1/engines/{id}", "/api/v1/engines/$ENGINE", r#"{"settings":{"url":"http://127.0.0.1:1/v1"}}"#),
    ("DELETE /api/v1/engines/{id}", "/api/v1/engines/$ENGINE", ""),
    ("POST /api/v1/engines/{id}/test", "/api/v1/engines/$ENGINE/test", r#"{"text":"hello"}"#),
    ("GET /api/v1/canned", "/api/v1/canned", ""),
    ("POST /api/v1/canned", "/api/v1/canned", r#"{"title":"Hello","text":"Hello {{visitor}}"}"#),
    ("PUT /api/v1/canned/{id}", "/api/v1/canned/$CANNED", r#"{"title":"Hello","text":"Hi"}"#),
    ("DELETE /api/v1/canned/{id}", "/api/v1/canned/$CANNED", ""),
    ("GET /api/v1/tags", "/api/v1/tags", ""),
    ("POST /api/v1/tags", "/api/v1/tags", r#"{"name":"$UNIQUE","colour":"gold"}"#),
    ("PUT /api/v1/tags/{id}", "/api/v1/tags/$TAG", r#"{"name":"$UNIQUE","colour":"blue"}"#),
    ("DELETE /api/v1/tags/{id}", "/api/v1/tags/$TAG", ""),
    ("PUT /api/v1/conversations/{id}/tags/{tag}", "/api/v1/conversations/$CONVERSATION/tags/$TAG", ""),
    ("DELETE /api/v1/conversations/{id}/tags/{tag}", "/api/v1/conversations/$CONVERSATION/tags/$TAG", ""),
    ("GET /api/v1/blocks", "/api/v1/blocks", ""),
    ("PUT /api/v1/conversations/{id}/block", "/api/v1/conversations/$CONVERSATION/block", r#"{"reason":"spam"}"#),
    ("DELETE /api/v1/conversations/{id}/block", "/api/v1/conversations/$CONVERSATION/block", ""),
    ("GET /api/v1/conversations/{id}/begun", "/api/v1/conversations/$CONVERSATION/begun", ""),
    ("PUT /api/v1/conversations/{id}/begun", "/api/v1/conversations/$CONVERSATION/begun", r#"{"reply":"so"}"#),
    ("POST /api/v1/conversations/{id}/close", "/api/v1/conversations/$CONVERSATION/close", r#"{"reason":"done"}"#),
    ("GET /api/v1/desk", "/api/v1/desk", ""),
    ("PUT /api/v1/desk", "/api/v1/desk", r#"{"close_reasons":["done"],"amber_ms":60000,"red_ms":180000}"#),
    ("GET /api/v1/first-steps", "/api/v1/first-steps", ""),
    ("GET /api/v1/knowledge", "/api/v1/knowledge", ""),
    ("POST /api/v1/knowledge", "/api/v1/knowledge", r#"{"question":"When do you open?","answer":"At nine."}"#),
    ("PUT /api/v1/knowledge/{id}", "/api/v1/knowledge/$ENTRY", r#"{"question":"$UNIQUE","answer":"At ten."}"#),
    ("DELETE /api/v1/knowledge/{id}", "/api/v1/knowledge/$ENTRY", ""),
    ("POST /api/v1/knowledge/import", "/api/v1/knowledge/import", "question,answer\nWhere are you?,Here.\n"),
    ("GET /api/v1/knowledge/export", "/api/v1/knowledge/export", ""),
    ("POST /api/v1/knowledge/ask", "/api/v1/knowledge/ask", r#"{"text":"hello"}"#),
    ("GET /api/v1/routing", "/api/v1/routing", ""),
    ("PUT /api/v1/routing", "/api/v1/routing", r#"{"version":$RULES,"text":"rules: []"}"#),
    // Every tenant has a first text since the row before.
    ("GET /api/v1/routing/past", "/api/v1/routing/past?version=1", ""),
    ("POST /api/v1/routing/check", "/api/v1/routing/check", r#"{"text":"rules: []"}"#),
    ("POST /api/v1/routing/test", "/api/v1/routing/test", r#"{"question":"hello"}"#),
    ("GET /api/v1/me", "/api/v1/me", ""),
    ("GET /api/v1/me/tenants", "/api/v1/me/tenants", ""),
    ("POST /api/v1/me/tenant", "/api/v1/me/tenant", r#"{"tenant":"$OWN_TENANT"}"#),
    ("PUT /api/v1/members/{id}", "/api/v1/members/$MEMBER", r#"{"capacity":7}"#),
    ("DELETE /api/v1/members/{id}", "/api/v1/members/$MEMBER", ""),
    ("POST /api/v1/members/{id}/reset", "/api/v1/members/$MEMBER/reset", ""),
    ("GET /api/v1/operator/tenants", "/api/v1/operator/tenants", ""),
    ("POST /api/v1/operator/tenants", "/api/v1/operator/tenants", r#"{"name":"New","owner":"one@new.example"}"#),
    ("PUT /api/v1/operator/tenants/{id}", "/api/v1/operator/tenants/$OWN_TENANT", r#"{"name":"Renamed"}"#),
    ("GET /api/v1/sites/{id}/identity", "/api/v1/sites/$SITE/identity", ""),
    ("POST /api/v1/sites/{id}/identity", "/api/v1/sites/$SITE/identity", ""),
    ("PUT /api/v1/sites/{id}/identity", "/api/v1/sites/$SITE/identity", r#"{"algorithm":"EdDSA","public_key":"$KEY"}"#),
    ("DELETE /api/v1/sites/{id}/identity", "/api/v1/sites/$SITE/identity", ""),
    ("GET /api/v1/tenant", "/api/v1/tenant", ""),
    ("PUT /api/v1/tenant", "/api/v1/tenant", r#"{"time_zone":"Europe/Vienna"}"#),
    ("GET /metrics", "/metrics", ""),
    ("PUT /api/v1/me/availability", "/api/v1/me/availability", r#"{"availability":"away"}"#),
    ("GET /api/v1/members", "/api/v1/members", ""),
    ("GET /api/v1/sessions", "/api/v1/sessions", ""),
    ("DELETE /api/v1/sessions/{id}", "/api/v1/sessions/$SESSION", ""),
    ("GET /api/v1/sites", "/api/v1/sites", ""),
    ("POST /api/v1/sites", "/api/v1/sites", r##"{"name":"New","colour":"#112233"}"##),
    ("PUT /api/v1/sites/{id}", "/api/v1/sites/$SITE", r##"{"name":"Shop","colour":"#112233"}"##),
    ("GET /api/v1/socket", "/api/v1/socket", ""),
    ("POST /api/v1/visitor/messages/{seq}/recall", "/api/v1/visitor/messages/1/recall", ""),
    (
        "POST /api/v1/conversations/{id}/entries/{seq}/recall",
        "/api/v1/conversations/$CONVERSATION/entries/1/recall",
        "",
    ),
    ("GET /api/v1/ratings", "/api/v1/ratings", ""),
    ("POST /api/v1/visitor/rating", "/api/v1/visitor/rating", r#"{"closing":1,"score":5}"#),
    ("POST /api/v1/visitor/hand-over", "/api/v1/visitor/hand-over", ""),
    ("GET /api/v1/visitor/messages", "/api/v1/visitor/messages", ""),
    ("POST /api/v1/visitor/messages", "/api/v1/visitor/messages", r#"{"client_id":"again","text":"hello"}"#),
    ("POST /api/v1/visitor/session", "/api/v1/visitor/session", r#"{"site":"$SITE"}"#),
    ("GET /api/v1/visitor/site/{id}", "/api/v1/visitor/site/$SITE", ""),
    ("GET /api/v1/visitor/site/{id}/logo", "/api/v1/visitor/site/$SITE/logo", ""),
    ("POST /api/v1/sites/{id}/logo", "/api/v1/sites/$SITE/logo", "$PICTURE"),
    ("DELETE /api/v1/sites/{id}/logo", "/api/v1/sites/$SITE/logo", ""),
];

const CHANGES: &[&str] = &["accept", "take-over", "give-back", "reopen"];

/// The calls of an operation; none when there is no row for it.
pub(crate) fn rows(operation: &str) -> Vec<Row> {
    let method = operation.split(' ').next().unwrap_or_default().to_owned();
    if operation == "POST /api/v1/conversations/{id}/{change}" {
        let row = |change: &&'static str| Row {
            method: method.clone(),
            path: format!("/api/v1/conversations/$CONVERSATION/{change}"),
            variant: change,
            body: None,
            taken_over: *change == "give-back",
        };
        return CHANGES.iter().map(row).collect();
    }
    let calls = CALLS.iter().filter(|(name, ..)| *name == operation);
    let row = |&(name, path, body): &(&str, &str, &'static str)| Row {
        method: method.clone(),
        path: path.to_owned(),
        variant: "",
        body: (!body.is_empty()).then_some((kind(name), body)),
        taken_over: name.ends_with("/transfer") || name == "POST /api/v1/conversations/{id}/files",
    };
    calls.map(row).collect()
}

/// The media type of an operation's body.
fn kind(operation: &str) -> &'static str {
    match operation.rsplit('/').next() {
        Some("import") => "text/csv",
        Some("files" | "logo") => "application/octet-stream",
        _ => "application/json",
    }
}
