//! Reads of restricted data, which the audit log tells of: a line for each reader, object and way within an hour.
//!
//! The line is committed before the answer is given, so that a read that cannot be noted is refused. What was noted is remembered in
//! this process alone: another server, or this one after a restart, writes a line more and never one less.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::TimeDelta;
use tertulia_domain::{
    Result,
    id::AnyId,
    policy::{Act, Grant, Scope},
    record::event::{Event, Topic},
    time::Instant,
};
use uuid::Uuid;

use crate::{App, Ctx};

/// For how long a line stands for further reads of the same object by the same reader in the same way.
const WINDOW: TimeDelta = TimeDelta::hours(1);
/// How many reads are remembered; above this the memory begins anew, which costs lines and loses none.
const MOST: usize = 100_000;

/// Who read what in which way.
type Key = (Uuid, AnyId, &'static str);

/// The reads that this server noted lately.
#[derive(Debug, Default)]
pub(crate) struct Reads(Mutex<HashMap<Key, Instant>>);

impl Reads {
    fn is_noted(&self, key: &Key, now: Instant) -> bool {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.get(key).is_some_and(|at| now < *at + WINDOW)
    }

    fn keep(&self, keys: impl Iterator<Item = Key>, now: Instant) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() >= MOST {
            noted.clear();
        }
        noted.extend(keys.map(|key| (key, now)));
    }
}

/// How restricted data is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Read {
    /// The act that gives the right to it, and that the line names.
    pub(crate) act: Act,
    /// The operation by which it is read, or the field; it stands where the line has names of fields.
    pub(crate) way: &'static str,
}

/// Notes that the caller reads these objects, each with what the policy needs to know of it. One transaction for all of them, and none
/// for what was noted within the hour.
pub(crate) async fn note(app: &App, ctx: &Ctx, read: Read, objects: impl IntoIterator<Item = (AnyId, Scope)>) -> Result<()> {
    let Some(reader) = ctx.actor.holder() else { return Ok(()) };
    let key = |object: AnyId| (reader, object, read.way);
    // A grant for each of the caller's organisations by which he reads some of them.
    let mut grants: Vec<(Grant, Vec<AnyId>)> = Vec::new();
    for (object, scope) in objects {
        if app.reads.is_noted(&key(object), ctx.now) {
            continue;
        }
        let grant = ctx.allow(read.act, &scope)?;
        match grants.iter_mut().find(|(known, _)| known.organisation() == grant.organisation()) {
            Some((_, objects)) => objects.push(object),
            None => grants.push((grant, vec![object])),
        }
    }
    for (grant, objects) in grants {
        let uow = app.begin(ctx).await?;
        uow.commit(grant, objects.iter().map(|object| Event::edit(Topic::RestrictedRead, *object, vec![read.way]))).await?;
        app.reads.keep(objects.into_iter().map(key), ctx.now);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use tertulia_domain::id::ContactId;

    use super::*;

    #[test]
    fn a_line_stands_for_an_hour_for_one_reader_object_and_way() {
        let (reads, now) = (Reads::default(), DateTime::UNIX_EPOCH);
        let of = |reader, object, way| (Uuid::from_u128(reader), ContactId::new(Uuid::from_u128(object)).any(), way);
        reads.keep([of(1, 2, "list")].into_iter(), now);
        assert!(reads.is_noted(&of(1, 2, "list"), now + WINDOW - TimeDelta::microseconds(1)));
        assert!(!reads.is_noted(&of(1, 2, "list"), now + WINDOW));
        for other in [of(3, 2, "list"), of(1, 3, "list"), of(1, 2, "get")] {
            assert!(!reads.is_noted(&other, now));
        }
    }
}
