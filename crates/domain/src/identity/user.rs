//! A person who can sign in. No secret is ever part of it.

use crate::{
    error::{Faults, Result},
    id::UserId,
    text::{self, ERASED, EmailAddress},
    time::Instant,
};

/// Longest name of a person, in characters.
pub const NAME: usize = 200;

/// A person who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// The address by which the user signs in; unique; shown to the user and the administrators of the user's organisations only.
    pub email: EmailAddress,
    /// The name the user goes by.
    pub name: String,
    /// When the user came to be.
    pub created_at: Instant,
    /// When the user set the present password; `None` until the invitation is accepted.
    pub password_set_at: Option<Instant>,
    /// Whether this is no person but an account that a generator made for a demonstration.
    pub generated: bool,
    /// When the person was taken out of it; what the record says of its id stays, and nobody signs in by it any more.
    pub erased_at: Option<Instant>,
}

impl User {
    /// The account without the person: a name and an address that are nobody's. The domain of the address exists nowhere (RFC 2606, 2).
    pub fn erase(self, now: Instant) -> Result<Self> {
        let email = EmailAddress::parse(&format!("{}@erased.invalid", self.id))?;
        Ok(Self { email, name: ERASED.to_owned(), password_set_at: None, erased_at: Some(now), ..self })
    }

    /// Whether the user can sign in: whoever has no password yet must accept an invitation first.
    pub fn can_sign_in(&self) -> bool {
        self.password_set_at.is_some()
    }
}

/// The checked person that an invitation or a grant names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The address.
    pub email: EmailAddress,
    /// The name.
    pub name: String,
}

/// Whether a text names a person of one of these names: whether one of its words is one of theirs, of at least three letters.
pub fn is_named_in(names: &[String], text: &str) -> bool {
    let words: Vec<String> = names.iter().map(|name| text::fold(name)).collect();
    let mut words = words.iter().flat_map(|name| name.split(' ')).filter(|word| word.chars().count() >= 3);
    let folded = text::fold(text);
    words.any(|word| folded.split(' ').any(|one| one == word))
}

impl Person {
    /// Reads address and name, noting faults at `email` and `name`.
    pub fn parse(email: &str, name: &str) -> Result<Self> {
        let mut faults = Faults::default();
        let email = faults.check("email", EmailAddress::parse(email));
        let name = faults.check("name", text::line(name, NAME));
        faults.finish_with(email.zip(name).map(|(email, name)| Self { email, name }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_was_erased_names_nobody() {
        let Person { email, name } = Person::parse("ana@example.org", "Ana").expect("a person");
        let (id, now) = (UserId::new(uuid::Uuid::from_u128(7)), Instant::default());
        let user = User { id, email, name, created_at: now, password_set_at: Some(now), generated: false, erased_at: None };
        let erased = user.erase(now).expect("an account");
        assert_eq!((erased.name.as_str(), erased.email.as_str()), (ERASED, "user_00000000000000000000000007@erased.invalid"));
        assert!(!erased.can_sign_in() && erased.erased_at.is_some() && erased.id == id);
    }

    #[test]
    fn names_both_faults_of_a_person() {
        let error = Person::parse("nobody", " ").expect_err("two faults");
        let paths: Vec<_> = error.faults.iter().map(|fault| fault.path.join(".")).collect();
        assert_eq!(paths, ["email", "name"]);
        assert_eq!(
            Person::parse(" Ana@Example.ORG ", " Ana ").map(|person| person.email.as_str().to_owned()).expect("a person"),
            "ana@example.org"
        );
    }
}
