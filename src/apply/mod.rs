//! Executes a plan: intent written, call made, outcome written.
