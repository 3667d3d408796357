//! A mail server that keeps what it is handed.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// The messages that arrived, and how many.
#[derive(Clone)]
pub struct MailServer {
    address: SocketAddr,
    kept: Arc<Mutex<Vec<String>>>,
    count: watch::Sender<usize>,
}

impl MailServer {
    /// Listens on a free port, until the story ends.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = Self { address, kept: Arc::default(), count: watch::Sender::new(0) };
        let (accepting, mut taken) = (server.clone(), Vec::new());
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let server = accepting.clone();
                taken.push(tokio::spawn(async move { server.talk(connection).await }));
            }
        });
        server
    }

    /// Its address, as the configuration has it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Waits until `count` messages have arrived; answers all that are there then.
    pub async fn arrived(&self, count: usize) -> Vec<String> {
        self.count.subscribe().wait_for(|arrived| *arrived >= count).await.expect("a mail server");
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn talk(&self, connection: TcpStream) -> Option<()> {
        let (read, mut write) = connection.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 mail.example ESMTP\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let answer: &[u8] = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.ok()?;
                    let mut message = String::new();
                    while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                        message.push_str(&line);
                        message.push_str("\r\n");
                    }
                    self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(message);
                    self.count.send_modify(|count| *count += 1);
                    b"250 kept\r\n"
                }
                "QUIT" => b"221 bye\r\n",
                _ => b"250 mail.example\r\n",
            };
            write.write_all(answer).await.ok()?;
        }
        Some(())
    }
}
