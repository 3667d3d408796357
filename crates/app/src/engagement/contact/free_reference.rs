//! A contact's reference is made up, and another contact may have it.

use tertulia_domain::{Code, Reason, Result};

/// How often a contact is given a reference. Of a million contacts of one country one meets another's.
const TRIES: u32 = 3;

/// Logs from the beginning again what met another's reference.
pub(super) async fn until_free<T, F: Future<Output = Result<T>>>(attempt: impl Fn() -> F) -> Result<T> {
    for _ in 1..TRIES {
        match attempt().await {
            Err(error) if error.code == Code::Conflict && error.faults.iter().any(|fault| fault.reason == Reason::Duplicate) => {}
            done => return done,
        }
    }
    attempt().await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tertulia_domain::Error;

    use super::*;

    #[tokio::test]
    async fn what_is_taken_is_made_up_anew_and_nothing_else_is() {
        let taken = || Error::new(Code::Conflict, Reason::Duplicate, "", "There is one like this already.");
        let reused = || Error::new(Code::Conflict, Reason::KeyReused, "idempotencyKey", "This key was used before.");
        let tried = Cell::new(0);
        let answer = async |free_from: u32, refusal: &dyn Fn() -> Error| {
            tried.set(0);
            let attempt = || {
                tried.set(tried.get() + 1);
                std::future::ready(if tried.get() < free_from { Err(refusal()) } else { Ok(()) })
            };
            (until_free(attempt).await.is_ok(), tried.get())
        };
        assert_eq!(answer(1, &taken).await, (true, 1));
        assert_eq!(answer(3, &taken).await, (true, 3));
        assert_eq!(answer(4, &taken).await, (false, 3));
        assert_eq!(answer(2, &reused).await, (false, 1));
    }
}
