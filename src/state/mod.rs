//! What snapform remembers: tfstate version 4, locks, backends.
