//! How much a hidden cell could be more or less, if all that is shown stays as it is.
//!
//! The equations of a table with totals say that what flows into each row and column flows out of it: cells are arcs between rows and
//! columns, totals arcs back. Changes that no equation notices are circulations, so how far one arc can change is a maximum flow through
//! the others, and whole numbers suffice (Cox 1995; Ahuja, Magnanti and Orlin, *Network Flows*, 1993, chapters 6 and 9).

use std::collections::VecDeque;

use super::table::{Place, Table};

/// More than any count.
pub const FREE: i64 = i64::MAX / 8;

/// A hidden cell: by how much it may rise and fall by itself.
#[derive(Clone, Copy, Debug)]
pub struct Hidden {
    /// Where it stands.
    pub place: Place,
    /// At most so much more.
    pub up: i64,
    /// At most so much less.
    pub down: i64,
}

#[derive(Clone, Copy, Debug)]
struct Arc {
    tail: usize,
    head: usize,
    up: i64,
    down: i64,
}

/// The hidden cells of a table, as arcs between its rows and columns.
#[derive(Debug)]
pub struct Network {
    nodes: usize,
    arcs: Vec<Arc>,
}

impl Network {
    /// The network of these hidden cells.
    pub fn new(table: &Table, hidden: &[Hidden]) -> Self {
        let column = |place: Place| table.rows() + 1 + place.column;
        let arc = |hidden: &Hidden| {
            let place = hidden.place;
            let (row, column) = (place.row, column(place));
            // Cells flow from their row to their column, as the total of all; totals of rows and of columns flow back.
            let forth = (place.row == table.rows()) == (place.column == table.columns());
            let (tail, head) = if forth { (row, column) } else { (column, row) };
            Arc { tail, head, up: hidden.up, down: hidden.down }
        };
        Self { nodes: table.rows() + table.columns() + 2, arcs: hidden.iter().map(arc).collect() }
    }

    /// How much more the hidden cell with this number could be, looked for up to `need`.
    pub fn rise(&self, number: usize, need: i64) -> i64 {
        let Some(arc) = self.arcs.get(number) else { return 0 };
        self.flow(number, (arc.head, arc.tail), need.min(arc.up))
    }

    /// How much less the hidden cell with this number could be, looked for up to `need`.
    pub fn fall(&self, number: usize, need: i64) -> i64 {
        let Some(arc) = self.arcs.get(number) else { return 0 };
        self.flow(number, (arc.tail, arc.head), need.min(arc.down))
    }

    /// The flow from one node to another through all arcs but one, up to `need`: shortest augmenting paths first.
    fn flow(&self, without: usize, (from, to): (usize, usize), need: i64) -> i64 {
        let mut arcs = self.arcs.clone();
        if let Some(arc) = arcs.get_mut(without) {
            (arc.up, arc.down) = (0, 0);
        }
        let mut found = 0;
        while found < need {
            let Some(path) = path(self.nodes, &arcs, from, to) else { break };
            let room = |(number, forth): &(usize, bool)| arcs.get(*number).map_or(0, |arc| if *forth { arc.up } else { arc.down });
            let more = path.iter().map(room).min().unwrap_or(0).min(need - found);
            for (number, forth) in path {
                if let Some(arc) = arcs.get_mut(number) {
                    let change = if forth { more } else { -more };
                    (arc.up, arc.down) = (arc.up - change, arc.down + change);
                }
            }
            found += more;
        }
        found
    }
}

/// The arcs of a shortest way on which something can still flow, each with whether it is taken forth.
fn path(nodes: usize, arcs: &[Arc], from: usize, to: usize) -> Option<Vec<(usize, bool)>> {
    let mut came: Vec<Option<(usize, bool, usize)>> = vec![None; nodes];
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        if node == to {
            break;
        }
        for (number, arc) in arcs.iter().enumerate() {
            let step = if arc.tail == node && arc.up > 0 {
                (arc.head, true)
            } else if arc.head == node && arc.down > 0 {
                (arc.tail, false)
            } else {
                continue;
            };
            if step.0 != from
                && let Some(place @ None) = came.get_mut(step.0)
            {
                *place = Some((number, step.1, node));
                queue.push_back(step.0);
            }
        }
    }
    let mut way = Vec::new();
    let mut node = to;
    while node != from {
        let (number, forth, before) = (*came.get(node)?)?;
        way.push((number, forth));
        node = before;
    }
    Some(way)
}
