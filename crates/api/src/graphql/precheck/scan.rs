//! A look at the text before the parser, which recurses with every bracket.

/// The most brackets, braces and parentheses open at once, those in strings and comments left out.
pub(super) fn nesting(text: &str) -> usize {
    let mut rest = text.as_bytes();
    let (mut open, mut most) = (0_usize, 0_usize);
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b'#' => skip_comment(after),
            b'"' => skip_string(rest),
            _ => after,
        };
        match first {
            b'{' | b'[' | b'(' => {
                open += 1;
                most = most.max(open);
            }
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    most
}

fn skip_comment(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
    text.get(end..).unwrap_or_default()
}

/// What follows the string or block string that `text` begins with; nothing if it has no end.
pub(in crate::graphql) fn skip_string(text: &[u8]) -> &[u8] {
    let (fence, body): (&[u8], &[u8]) = match text.strip_prefix(b"\"\"\"") {
        Some(body) => (b"\"\"\"", body),
        None => (b"\"", text.get(1..).unwrap_or_default()),
    };
    let mut rest = body;
    while !rest.is_empty() {
        // In a block string only `\"""` is an escape, and a line break ends the other kind.
        if let Some(after) = rest.strip_prefix(b"\\\"\"\"").filter(|_| fence.len() == 3) {
            rest = after;
        } else if rest.starts_with(b"\\") && fence.len() == 1 {
            rest = rest.get(2..).unwrap_or_default();
        } else if let Some(after) = rest.strip_prefix(fence) {
            return after;
        } else if fence.len() == 1 && rest.starts_with(b"\n") {
            return rest;
        } else {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::nesting;

    #[test]
    fn counts_what_is_open_at_once() {
        assert_eq!(nesting("{ a(b: [1, [2]]) { c } }"), 4);
        assert_eq!(nesting("{ a } }}} { b }"), 1);
        assert_eq!(nesting("# {{{{\n{ a }"), 1);
    }

    #[test]
    fn leaves_strings_out() {
        assert_eq!(nesting(r#"{ a(b: "{[(\"{") { c } }"#), 2);
        assert_eq!(nesting("{ a(b: \"\"\"{ \\\"\"\" { \" [\"\"\") { c { d } } }"), 3);
        assert_eq!(nesting("{ a(b: \"{{{"), 2);
    }
}
