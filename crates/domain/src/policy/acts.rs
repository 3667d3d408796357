//! How the list of acts becomes a type.

macro_rules! acts {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// One thing that somebody can do or read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Act { $($(#[$doc])* $variant,)+ }
        impl Act {
            /// Every act, in the order of the matrix.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The act's name, object first (`contact.log`).
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name),+ } }
            /// The act of that name.
            pub fn parse(name: &str) -> Option<Self> { match name { $($name => Some(Self::$variant),)+ _ => None } }
        }
        impl ::std::fmt::Display for Act {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { f.write_str(self.name()) }
        }
    };
}

pub(super) use acts;
