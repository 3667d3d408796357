//! Reads from a replica: who has written reads what he wrote, on every server, and a replica that is behind or away serves nobody.

use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, database::TestDatabase, postgres::Cluster, socket::Socket};

use crate::engagement::world::{World, done, read};

tertulia_tests::deployments![the_writer_reads_his_own_write_beside_a_replica];

/// Asks again and again until a condition holds. The story's own patience ends it.
async fn until(mut holds: impl AsyncFnMut() -> bool) {
    while !holds().await {}
}

/// Whether reads of both servers go to the replica.
async fn serves(servers: [&TestApp; 2]) -> bool {
    let answer = servers[0].anonymous().get("/health/ready").await;
    answer.status == 200 && servers.iter().all(|server| server.app.replica_serves())
}

/// Moves both clocks, past all that was written lately or only a little.
async fn later(servers: [&TestApp; 2], seconds: i64) {
    for server in servers {
        server.advance(chrono::TimeDelta::seconds(seconds));
    }
}

/// A caller with the same token at each of the servers.
fn at_each(servers: [&TestApp; 2], caller: &Client) -> [Client; 2] {
    servers.map(|server| server.with_token(caller.token.clone().unwrap()))
}

/// The contact as a query over this socket answers it.
async fn over(socket: &mut Socket, id: &Value) -> Value {
    socket.subscribe("read", "query Read($id: ID!) { contact(id: $id) { id } }", json!({ "id": id })).await;
    let answer = socket.hear().await.expect("an answer");
    assert_eq!(socket.hear().await.expect("its end")["type"], "complete");
    answer["payload"]["data"]["contact"].clone()
}

async fn all_read(clients: &[Client; 2], id: &Value) -> [bool; 2] {
    [!read(&clients[0], id).await.is_null(), !read(&clients[1], id).await.is_null()]
}

async fn the_writer_reads_his_own_write_beside_a_replica() {
    let cluster = Cluster::own().unwrap();
    let database = TestDatabase::within(&cluster).await;
    let replica = cluster.replica().unwrap();
    let read_url = replica.url_of(&database.url);
    let first = TestApp::on(database, |config| config.database.read_url = read_url.into()).await;
    let second = first.beside().await;
    let servers = [&first, &second];
    let world = World::new(&first).await;
    let (writer, reader) = (at_each(servers, &world.officer().await), at_each(servers, &world.colleague().await));
    later(servers, 120).await;
    until(async || serves(servers).await).await;

    let mut socket = Socket::start(&second.url("/graphql"), writer[1].token.as_deref()).await;
    replica.run("SELECT pg_wal_replay_pause()").await;
    let id = done(&writer[0], "ContactLog", world.smallest()).await["id"].clone();
    assert_eq!(all_read(&writer, &id).await, [true, true], "who wrote reads it, whichever server he asks");
    assert_eq!(all_read(&reader, &id).await, [false, false], "others read from the replica");
    assert_eq!(over(&mut socket, &id).await["id"], id, "a connection from before knows it too");
    let again = done(&writer[1], "ContactAcknowledge", json!({ "contactId": id })).await;
    assert_eq!(read(&writer[0], &id).await["status"], again["status"], "and what he changed at the other");

    later(servers, 20).await;
    assert_eq!(all_read(&reader, &id).await, [true, true], "a replica that is this far behind serves nobody");

    replica.run("SELECT pg_wal_replay_resume()").await;
    until(async || serves(servers).await).await;
    later(servers, 5).await;
    assert_eq!(all_read(&reader, &id).await, [true, true]);

    tokio::task::block_in_place(|| replica.fail());
    until(async || !serves(servers).await).await;
    let late = done(&writer[0], "ContactLog", world.smallest()).await["id"].clone();
    assert_eq!(all_read(&reader, &late).await, [true, true], "one that is away is not asked");
    replica.go_on();
    until(async || serves(servers).await).await;
    until(async || all_read(&reader, &late).await == [true, true]).await;
    second.finish().await;
    first.finish().await;
    replica.stop();
    cluster.stop();
}
