//! From plain data to text and JSON.
