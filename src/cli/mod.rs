//! The command line: one file per command, flags, exit codes.
