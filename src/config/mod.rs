//! From files to blocks to a module tree.
