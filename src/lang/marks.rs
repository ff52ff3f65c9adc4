//! Marks that travel with a value.

use std::ops::{BitOr, BitOrAssign};

/// A set of marks: sensitive, ephemeral.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Marks(u8);

impl Marks {
    /// No mark.
    pub const NONE: Marks = Marks(0);
    /// The value must not be printed.
    pub const SENSITIVE: Marks = Marks(1);
    /// The value must not be saved, in a plan or in a state.
    pub const EPHEMERAL: Marks = Marks(2);

    /// Tells whether there is no mark.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Tells whether all marks of `other` are here.
    pub fn contains(self, other: Marks) -> bool {
        self.0 & other.0 == other.0
    }

    /// Tells whether the value must not be printed.
    pub fn is_sensitive(self) -> bool {
        self.contains(Self::SENSITIVE)
    }

    /// Tells whether the value must not be saved.
    pub fn is_ephemeral(self) -> bool {
        self.contains(Self::EPHEMERAL)
    }

    /// Returns these marks without those of `other`.
    #[must_use]
    pub fn without(self, other: Marks) -> Marks {
        Marks(self.0 & !other.0)
    }
}

impl BitOr for Marks {
    type Output = Marks;

    fn bitor(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }
}

impl BitOrAssign for Marks {
    fn bitor_assign(&mut self, other: Marks) {
        self.0 |= other.0;
    }
}
