#!/usr/bin/env bash
# reqwest 0.13.5: HTTP_PROXY is obeyed for 127.0.0.1.
#
# With HTTP_PROXY set and no NO_PROXY, a request to http://127.0.0.1 goes to the proxy, which asks its own machine. One would expect
# what Go's clients do, Terraform and its providers among them: loopback addresses are never sent to a proxy. An emulator or a
# credentials service on this machine is not reached, or another one answers in its place. Nothing listens on port 1 below.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "probe"
version = "0.0.0"
edition = "2024"

[dependencies]
reqwest = { version = "=0.13.5", default-features = false, features = ["blocking"] }
TOML
cat > src/main.rs <<'RUST'
use std::io::{Read, Write};
use std::net::TcpListener;

fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // SAFETY: there is no other thread yet.
    unsafe { std::env::set_var("HTTP_PROXY", format!("http://{}", listener.local_addr().unwrap())) };
    let proxy = std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let length = connection.read(&mut request).unwrap();
        connection.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").unwrap();
        String::from_utf8_lossy(&request[..length]).lines().next().unwrap().to_string()
    });
    let status = reqwest::blocking::get("http://127.0.0.1:1/metadata").unwrap().status();
    let asked = proxy.join().unwrap();
    println!("answered by the proxy with {status}: {asked}");
    std::process::exit(i32::from(!asked.starts_with("GET http://127.0.0.1:1/metadata")));
}
RUST
env -u NO_PROXY -u no_proxy -u http_proxy cargo run --quiet
