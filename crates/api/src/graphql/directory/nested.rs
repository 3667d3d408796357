//! A page cut from a short list that was loaded whole, for lists within lists.

use tertulia_domain::page::{Direction, Edge, Page, PageRequest, Position};

/// The page of `all`, which stands in the list's order.
pub(super) fn cut<T: Clone>(all: &[(T, Position)], page: &PageRequest) -> Page<T> {
    let place = |bound: &Position| all.iter().position(|(_, position)| position == bound);
    let from = page.after.as_ref().map_or(0, |bound| place(bound).map_or(all.len(), |place| place + 1));
    let to = page.before.as_ref().map_or(all.len(), |bound| place(bound).unwrap_or(0)).max(from);
    let limit = usize::from(page.limit);
    let (from, to) = match page.direction {
        Direction::Forward => (from, to.min(from + limit)),
        Direction::Backward => (from.max(to.saturating_sub(limit)), to),
    };
    let items = all.iter().skip(from).take(to - from);
    let edges = items.map(|(item, position)| Edge { position: position.clone(), item: item.clone() }).collect();
    Page { edges, has_next: page.limit > 0 && to < all.len(), has_previous: page.limit > 0 && from > 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_both_ways() {
        let at = |number: u128| Position { key: String::new(), id: uuid::Uuid::from_u128(number) };
        let all: Vec<(u128, Position)> = (0..5).map(|number| (number, at(number))).collect();
        let request = |direction, limit, after: Option<u128>, before: Option<u128>| PageRequest {
            direction,
            limit,
            after: after.map(at),
            before: before.map(at),
        };
        let items = |request: PageRequest| {
            let page = cut(&all, &request);
            (page.has_previous, page.has_next, page.into_items())
        };
        assert_eq!(items(request(Direction::Forward, 2, None, None)), (false, true, vec![0, 1]));
        assert_eq!(items(request(Direction::Forward, 9, Some(1), None)), (true, false, vec![2, 3, 4]));
        assert_eq!(items(request(Direction::Backward, 2, None, Some(3))), (true, true, vec![1, 2]));
        assert_eq!(items(request(Direction::Backward, 9, None, None)), (false, false, vec![0, 1, 2, 3, 4]));
        assert_eq!(items(request(Direction::Forward, 9, Some(77), None)), (true, false, vec![]));
    }
}
