use super::*;

/// Prints the matrix as people read it; the snapshot is the one place where a change of rights shows.
#[test]
fn the_whole_matrix() {
    let cells = |words: &mut dyn Iterator<Item = &'static str>| words.map(|word| format!(" {word:<29}")).collect::<Vec<_>>().concat();
    let mut text = vec![format!("{:<28}{}", "act", cells(&mut Caller::ALL.iter().map(|caller| caller.label())))];
    for act in Act::ALL {
        text.push(format!("{:<28}{}", act.name(), cells(&mut Caller::ALL.iter().map(|caller| matrix::right(*act, *caller).label()))));
    }
    let lines: Vec<&str> = text.iter().map(|line| line.trim_end()).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn names_of_acts_are_unique_and_read_back() {
    for act in Act::ALL {
        assert_eq!(Act::parse(act.name()), Some(*act));
    }
}
