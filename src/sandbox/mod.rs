//! An emulator of both clouds, written from the vendors' documents.
