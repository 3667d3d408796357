use super::*;

fn run(limits: &Limits, text: &str, variables: serde_json::Value) -> Result<Operation> {
    let parsed = parse(limits, text)?;
    check(limits, &parsed, None, &Variables::from_json(variables))
}

fn refused(limits: &Limits, text: &str) -> String {
    refused_with(limits, text, serde_json::json!({}))
}

fn refused_with(limits: &Limits, text: &str, variables: serde_json::Value) -> String {
    let error = run(limits, text, variables).expect_err("one past the limit");
    assert_eq!(error.code, Code::LimitExceeded, "{error}");
    error.faults[0].message.clone()
}

fn passes(limits: &Limits, text: &str) {
    run(limits, text, serde_json::json!({})).expect("at the limit");
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(" ")
}

fn limits() -> Limits {
    crate::config::Config::defaults().expect("the default configuration").limits.document
}

#[test]
fn refuses_one_past_each_count_of_the_text() {
    let limits = limits();
    let document = |bytes: usize| format!("{{ a }}{}", " ".repeat(bytes - 5));
    passes(&limits, &document(limits.bytes));
    assert!(refused(&limits, &document(limits.bytes + 1)).contains("`bytes`"));

    let lists = |deep: usize| format!("{{ a(b: {}1{}) }}", "[".repeat(deep - 2), "]".repeat(deep - 2));
    passes(&limits, &lists(limits.nesting));
    assert!(refused(&limits, &lists(limits.nesting + 1)).contains("`nesting`"));

    let fragments = |count: usize| format!("{{ a }} {}", many(count, |n| format!("fragment F{n} on Query {{ a }}")));
    passes(&limits, &fragments(limits.fragments));
    assert!(refused(&limits, &fragments(limits.fragments + 1)).contains("`fragments`"));

    let operations = |count: usize| many(count, |n| format!("query Q{n} {{ a }}"));
    let parsed = parse(&limits, &operations(limits.operations)).expect("a document");
    check(&limits, &parsed, Some("Q7"), &Variables::default()).expect("at the limit");
    assert!(refused(&limits, &operations(limits.operations + 1)).contains("`operations`"));
}

#[test]
fn refuses_one_past_each_count_of_fields() {
    let limits = limits();
    let aliases = |count: usize| format!("{{ {} }}", many(count, |n| format!("x{n}: a")));
    passes(&limits, &aliases(limits.aliases));
    assert!(refused(&limits, &aliases(limits.aliases + 1)).contains("`aliases`"));

    let directives = |count: usize| format!("{{ a {} }}", "@skip(if: false) ".repeat(count));
    passes(&limits, &directives(limits.directives));
    assert!(refused(&limits, &directives(limits.directives + 1)).contains("`directives`"));

    let repeats = |count: usize| format!("{{ {} }}", "a ".repeat(count));
    passes(&limits, &repeats(limits.repeats));
    assert!(refused(&limits, &repeats(limits.repeats + 1)).contains("`repeats`"));

    let spreads = |count: usize| format!("{{ {} }} fragment F on Query {{ a }}", "...F ".repeat(count));
    passes(&limits, &spreads(limits.repeats));
    assert!(refused(&limits, &spreads(limits.repeats + 1)).contains("`repeats`"));

    let most = usize::try_from(limits.fields).expect("a small number");
    let fields = |count: usize| format!("{{ {} }}", many(count, |n| format!("f{n}")));
    passes(&limits, &fields(most));
    assert!(refused(&limits, &fields(most + 1)).contains("`fields`"));

    let deep = |levels: usize| format!("{}a{}", "{ a ".repeat(levels - 1) + "{ ", " }".repeat(levels));
    passes(&limits, &deep(limits.depth));
    assert!(refused(&limits, &deep(limits.depth + 1)).contains("`depth`"));
}

#[test]
fn weighs_a_list_by_the_page_asked_for() {
    let limits = Limits { cost: 51, ..limits() };
    passes(&limits, "{ contacts(first: 25) { nodes { id } } }");
    assert!(refused(&limits, "{ contacts(first: 26) { nodes { id } } }").contains("`cost` is 53"));
    passes(&limits, "{ contacts { nodes { id } } }");
    assert!(refused(&limits, "{ contacts { nodes { id title } } }").contains("`cost`"));
    let by_variable = "query($n: Int = 26) { contacts(first: $n) { ...page } } fragment page on ContactConnection { nodes { id } }";
    assert!(refused(&limits, by_variable).contains("`cost` is 53"));
    run(&limits, by_variable, serde_json::json!({ "n": 2 })).expect("the variable is smaller than its default");
    assert!(refused_with(&limits, by_variable, serde_json::json!({ "n": 99_999_999 })).contains("`cost` is 2001"));
    let nested = "{ a(first: 5) { nodes { b(last: 5) { edges { node { id } } } } } }";
    assert!(refused(&limits, nested).contains("`cost` is 86"));
    assert!(refused(&Limits { cost: 3, ..limits }, "{ nodes(ids: [1, 2, 3]) { id } }").contains("`cost` is 4"));
    passes(&limits, "{ preview(first: 50) { at } }");
    assert!(refused(&limits, "{ preview(first: 51) { at } }").contains("`cost` is 52"));
}

#[test]
fn refuses_doubling_fragments_at_once_and_cycles_by_name() {
    let doubling = many(25, |n| format!("fragment F{n} on Query {{ x: b {{ ...F{m} }} y: b {{ ...F{m} }} }}", m = n + 1));
    let text = format!("{{ ...F0 }} fragment F25 on Query {{ a }} {doubling}");
    // Within its limit of depth it would be 2^25 fields.
    let wide = Limits { depth: 40, aliases: 60, ..limits() };
    assert!(refused(&wide, &text).contains("`fields`"));
    assert!(run(&limits(), &text, serde_json::json!({})).is_err());
    let flat = many(25, |n| format!("fragment F{n} on Query {{ ...F{m} ...F{m} }}", m = n + 1));
    assert!(refused(&limits(), &format!("{{ ...F0 }} fragment F25 on Query {{ a }} {flat}")).contains("`fields`"));

    let error = run(&limits(), "{ ...A } fragment A on Q { b { ...B } } fragment B on Q { ...A }", serde_json::json!({}));
    let error = error.expect_err("a cycle");
    assert_eq!(error.code, Code::InvalidDocument);
    assert!(error.faults[0].message.contains("spreads itself"));
}

#[test]
fn bounds_inline_fragments_and_chains_of_spreads() {
    let chain = many(49, |n| format!("fragment F{n} on Q {{ ... {{ ... {{ ...F{m} }} }} }}", m = n + 1));
    assert!(refused(&limits(), &format!("{{ ...F0 }} fragment F49 on Q {{ a }} {chain}")).contains("`nesting`"));
}

#[test]
fn lets_the_standard_introspection_through_and_no_deeper_one() {
    let limits = limits();
    passes(
        &limits,
        "{ __schema { types { fields { args { type { ...T } } type { ...T } } possibleTypes { ...T } } } } fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { name } } } } } }",
    );
    passes(&limits, "{ __type(name: \"Q\") { fields { type { fields { name } } } } }");
    let text = "{ __type(name: \"Q\") { fields { type { fields { type { fields { name } } } } } } }";
    assert!(refused(&limits, text).contains("`introspection`"));
    let by_fragment = "{ __schema { types { ...A } } } fragment A on __Type { fields { type { ...B } } } fragment B on __Type { inputFields { type { interfaces { name } } } }";
    assert!(refused(&limits, by_fragment).contains("`introspection`"));
}

#[test]
fn names_what_is_wrong_with_the_request() {
    let refuses = |text: &str, name: Option<&str>, variables: serde_json::Value| {
        let parsed = parse(&limits(), text)?;
        check(&limits(), &parsed, name, &Variables::from_json(variables))
    };
    for (text, name, variables) in [
        ("{ a", None, serde_json::json!({})),
        ("", None, serde_json::json!({})),
        ("query A { a } query B { a }", None, serde_json::json!({})),
        ("query A { a }", Some("B"), serde_json::json!({})),
        ("query A($id: ID!) { a(id: $id) }", None, serde_json::json!({})),
        ("query A($id: ID! = \"x\") { a(id: $id) }", None, serde_json::json!({ "id": null })),
    ] {
        let error = refuses(text, name, variables).expect_err(text);
        assert_eq!(error.code, Code::InvalidDocument, "{text}");
    }
    let operation = refuses("mutation A { a } query B { a }", Some("A"), serde_json::json!({})).expect("a document");
    assert_eq!(operation.kind, OperationType::Mutation);
}
