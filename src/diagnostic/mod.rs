//! Errors and warnings with source ranges, as text and as JSON.
