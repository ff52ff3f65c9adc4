//! Clients of the two clouds: transport, signing, rate limits, typed requests, resource adapters.
