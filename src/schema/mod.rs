//! Attribute schemas of every resource and data source type.
