//! Documents without what does not matter: white space, commas, comments, the order of fragments.
//!
//! Clients print the documents of their developers anew, whole or an operation at a time, so that the texts differ and the
//! tokens do not.

use std::collections::BTreeMap;

use super::super::precheck::skip_string;

/// The operations and fragments of a text, each as its tokens with a space between.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Definitions<'a> {
    pub(super) operations: Vec<Definition<'a>>,
    pub(super) fragments: BTreeMap<&'a str, Definition<'a>>,
}

/// One operation or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Definition<'a>(Vec<&'a str>);

impl<'a> Definitions<'a> {
    /// Of a text that the parser takes.
    pub(super) fn of(text: &'a str) -> Self {
        let mut found = Self::default();
        let (mut tokens, mut open) = (Vec::new(), 0_usize);
        let mut rest = text;
        while let Some((token, after)) = next(rest) {
            rest = after;
            tokens.push(token);
            match token {
                "{" | "(" | "[" => open += 1,
                "}" | ")" | "]" => open = open.saturating_sub(1),
                _ => {}
            }
            if token == "}" && open == 0 {
                found.add(std::mem::take(&mut tokens));
            }
        }
        found
    }

    fn add(&mut self, tokens: Vec<&'a str>) {
        match tokens.as_slice() {
            ["fragment", name, ..] => {
                self.fragments.insert(name, Definition(tokens));
            }
            _ => self.operations.push(Definition(tokens)),
        }
    }
}

impl Definition<'_> {
    /// The fragments that it spreads.
    fn spreads(&self) -> impl Iterator<Item = &str> {
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        pairs.filter(|(dots, name)| **dots == "..." && **name != "on" && name.starts_with(is_name)).map(|(_, name)| *name)
    }

    /// The operation with every fragment that it reaches, those sorted by name; or the name of a fragment that `find` lacks.
    pub(super) fn whole<'f>(&self, find: impl Fn(&str) -> Option<&'f Definition<'f>>) -> Result<String, String> {
        let mut reached: BTreeMap<String, &Definition<'f>> = BTreeMap::new();
        let mut waiting: Vec<String> = self.spreads().map(str::to_owned).collect();
        while let Some(name) = waiting.pop() {
            let fragment = find(&name).ok_or_else(|| name.clone())?;
            if reached.insert(name, fragment).is_none() {
                waiting.extend(fragment.spreads().map(str::to_owned));
            }
        }
        let parts = std::iter::once(self.0.join(" ")).chain(reached.values().map(|fragment| fragment.0.join(" ")));
        Ok(parts.collect::<Vec<_>>().join(" "))
    }
}

const fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The next token and what follows it.
fn next(text: &str) -> Option<(&str, &str)> {
    let mut rest = text.trim_start_matches([' ', '\t', '\n', '\r', ',', '\u{feff}']);
    while rest.starts_with('#') {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        rest = rest.get(end..)?.trim_start_matches([' ', '\t', '\n', '\r', ',', '\u{feff}']);
    }
    let first = rest.chars().next()?;
    let length = if first == '"' {
        rest.len() - skip_string(rest.as_bytes()).len()
    } else if rest.starts_with("...") {
        3
    } else if first.is_ascii_digit() || first == '-' {
        rest.find(|character: char| !is_name(character) && !"+-.".contains(character)).unwrap_or(rest.len())
    } else if is_name(first) {
        rest.find(|character: char| !is_name(character)).unwrap_or(rest.len())
    } else {
        first.len_utf8()
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Vec<Result<String, String>> {
        let found = Definitions::of(text);
        found.operations.iter().map(|operation| operation.whole(|name| found.fragments.get(name))).collect()
    }

    #[test]
    fn what_does_not_matter_makes_no_difference() {
        let short = "query Q($a:I={x:1},$b:[T!]){a(s:\"x # y\",n:-1.5e+3)...F...on T{c}}fragment F on T{...G}fragment G on T{b}";
        let long = "# A query\nquery Q ( $a : I = { x : 1 } $b: [ T! ]\n) {\n  a (s: \"x # y\", n: -1.5e+3) ... F\n  ... on T { c }\n}
            fragment G on T { b }\n\nfragment F on T { # more\n ... G }\n";
        assert_eq!(whole(short), whole(long));
        assert_eq!(whole(short).len(), 1);
    }

    #[test]
    fn what_matters_does() {
        let base = whole("{ a(s: \"x y\") ...F } fragment F on T { b }");
        for other in [
            "{ a(s: \"x  y\") ...F } fragment F on T { b }",
            "{ a(s: \"x y\") ...F } fragment F on T { c }",
            "{ a(s: \"x y\") }",
            "query { a(s: \"x y\") ...F } fragment F on T { b }",
            "{ a(s: \"\"\"x y\"\"\") ...F } fragment F on T { b }",
        ] {
            assert_ne!(whole(other), base, "{other}");
        }
    }

    #[test]
    fn each_operation_stands_alone() {
        let all = whole("query A { a ...F } query B { b } fragment F on T { c }");
        let one = |text| whole(text).remove(0);
        assert_eq!(all, [one("query A { a ...F } fragment F on T { c }"), one("query B { b }")]);
        assert_eq!(whole("{ ...Missing }"), [Err("Missing".to_owned())]);
        assert_eq!(whole("{ ...A } fragment A on T { ...A }").len(), 1);
    }
}
