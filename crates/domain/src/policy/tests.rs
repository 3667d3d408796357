use super::*;

/// Prints the matrix as people read it; the snapshot is the one place where a change of rights shows.
#[test]
fn the_whole_matrix() {
    let mut text = format!("{:<28}", "act");
    for caller in Caller::ALL {
        text.push_str(&format!(" {:<29}", caller.label()));
    }
    for act in Act::ALL {
        text.push_str(&format!("\n{:<28}", act.name()));
        for caller in Caller::ALL {
            text.push_str(&format!(" {:<29}", matrix::right(*act, caller).label()));
        }
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn names_of_acts_are_unique_and_read_back() {
    for act in Act::ALL {
        assert_eq!(Act::parse(act.name()), Some(*act));
    }
}
