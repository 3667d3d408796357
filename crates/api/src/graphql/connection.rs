//! Lists on the wire: Relay's arguments to a page request, a page to a connection, the count only if it is looked at.

use std::borrow::Cow;

use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::future::{BoxFuture, FutureExt};
use tertulia_domain::{
    Error, Reason, Result,
    page::{Page, PageRequest, Position},
};

/// Reads Relay's four arguments. A cursor is opaque to clients: 16 bytes of id, then the sort key.
pub fn page(first: Option<i32>, after: Option<&str>, last: Option<i32>, before: Option<&str>) -> Result<PageRequest> {
    let after = after.map(|cursor| position(cursor, "after")).transpose()?;
    let before = before.map(|cursor| position(cursor, "before")).transpose()?;
    PageRequest::parse(first, after, last, before)
}

/// A position as clients see it.
pub fn cursor(position: &Position) -> String {
    URL_SAFE_NO_PAD.encode([position.id.as_bytes(), position.key.as_bytes()].concat())
}

fn position(cursor: &str, argument: &str) -> Result<Position> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let read = bytes.as_deref().and_then(|bytes| bytes.split_first_chunk::<16>()).and_then(|(id, key)| {
        let key = std::str::from_utf8(key).ok().filter(|key| !key.contains('\0'))?;
        Some(Position { key: key.to_owned(), id: uuid::Uuid::from_bytes(*id) })
    });
    read.ok_or_else(|| Error::invalid(Reason::Malformed, argument, "This is no cursor of a list."))
}

/// Counts a whole list when a client asks for `totalCount`.
pub(crate) type Counter = Box<dyn Fn() -> BoxFuture<'static, Result<u64>> + Send + Sync>;

/// Whether the document asks the items of this list for one of these fields.
pub(crate) fn wants(ctx: &Context<'_>, fields: &[&str]) -> bool {
    let list = ctx.look_ahead();
    let items = [list.field("nodes"), list.field("edges").field("node")];
    items.iter().any(|item| fields.iter().any(|field| item.field(field).exists()))
}

/// A page of a list of `T`.
pub struct Connection<T> {
    pub(crate) edges: Vec<Edge<T>>,
    pub(crate) info: PageInfo,
    pub(crate) counter: Counter,
}

impl<T> Connection<T> {
    /// A page and how to count the list that it is of.
    pub fn new<F>(page: Page<T>, count: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<u64>> + Send + 'static,
    {
        let edges: Vec<Edge<T>> = page.edges.into_iter().map(|edge| Edge { position: edge.position, node: edge.item }).collect();
        let info = PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: edges.first().map(|edge| cursor(&edge.position)),
            end_cursor: edges.last().map(|edge| cursor(&edge.position)),
        };
        Self { edges, info, counter: Box::new(move || count().boxed()) }
    }
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

/// A page of a list, as Relay's cursor connections have it. Pages are 25 items unless `first` or `last` says otherwise,
/// at most 100; the last page costs what the first one costs.
#[Object(name_type)]
impl<T: OutputType> Connection<T> {
    /// The items of this page with their cursors, in the list's order whichever way it is read.
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// The items of this page without their cursors.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Whether there is more, and the cursors to go on from.
    async fn page_info(&self) -> &PageInfo {
        &self.info
    }

    /// How many items the whole list has for you under this filter. Counted only when asked for; leave it out of pages
    /// that do not show it.
    async fn total_count(&self) -> Option<Result<i32>> {
        Some((self.counter)().await.map(|count| i32::try_from(count).unwrap_or(i32::MAX)))
    }
}

/// An item of a page.
pub struct Edge<T> {
    position: Position,
    pub(crate) node: T,
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// An item of a list and where it stands there.
#[Object(name_type)]
impl<T: OutputType> Edge<T> {
    /// Where the item stands, for `after` and `before`. Opaque; good for the same order and filter only.
    async fn cursor(&self) -> String {
        cursor(&self.position)
    }

    /// The item.
    async fn node(&self) -> &T {
        &self.node
    }
}

/// Whether a list goes on beyond this page, and from where.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether items follow this page.
    has_next_page: bool,
    /// Whether items stand before this page.
    has_previous_page: bool,
    /// The first item's cursor, for `before`; null when the page is empty.
    start_cursor: Option<String>,
    /// The last item's cursor, for `after`; null when the page is empty.
    end_cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Schema};
    use serde_json::json;
    use tertulia_domain::page;

    use super::*;

    struct Thing;

    /// A thing.
    #[Object]
    impl Thing {
        /// Its name.
        async fn name(&self) -> &'static str {
            "thing"
        }
    }

    struct Query;

    #[Object]
    impl Query {
        async fn things(&self, counted: bool) -> Connection<Thing> {
            let edges = vec![page::Edge { position: Position { key: "k".to_owned(), id: uuid::Uuid::nil() }, item: Thing }];
            Connection::new(Page { edges, has_next: true, has_previous: false }, move || async move {
                if counted { Ok(7) } else { Err(Error::broken("counted though nobody asked")) }
            })
        }
    }

    #[actix_web::test]
    async fn answers_a_page_and_counts_only_when_asked() {
        let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
        let response = schema
            .execute("{ things(counted: false) { nodes { name } edges { cursor node { name } } pageInfo { hasNextPage endCursor } } }")
            .await;
        assert_eq!(response.errors, []);
        let data = response.data.into_json().expect("data");
        assert_eq!(data["things"]["nodes"], json!([{ "name": "thing" }]));
        assert_eq!(data["things"]["pageInfo"]["endCursor"], data["things"]["edges"][0]["cursor"]);
        let counted = schema.execute("{ things(counted: true) { totalCount } }").await;
        assert_eq!(counted.data.into_json().expect("data"), json!({ "things": { "totalCount": 7 } }));
        assert!(schema.sdl().contains("type ThingConnection"));
    }

    #[test]
    fn reads_its_own_cursors_and_refuses_others() {
        let position = Position { key: "peru é".to_owned(), id: uuid::Uuid::from_u128(7) };
        assert_eq!(page(Some(3), Some(&cursor(&position)), None, None).expect("a page").after, Some(position.clone()));
        assert_eq!(page(None, None, Some(3), Some(&cursor(&position))).expect("a page").before, Some(position));
        for bad in ["", "!", "AAAA", &URL_SAFE_NO_PAD.encode([0xff; 20]), &URL_SAFE_NO_PAD.encode([0; 20])] {
            let error = page(None, Some(bad), None, None).expect_err("no cursor");
            assert_eq!(error.faults[0].path, ["after"], "{bad}");
        }
        assert!(page(Some(101), None, None, None).is_err());
        assert!(page(Some(-1), None, None, None).is_err());
    }
}
