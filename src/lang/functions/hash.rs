//! Hashes, identifiers and RSA.

use aws_lc_rs::digest;
use base64::Engine as _;
use md5::Digest as _;

use super::define::{function, integer, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value, base64 as texts, files};
use crate::lang::scope::Phase;

const STR: Parameter = Parameter::new("str", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    function("md5", &[STR], Shape::String, |args, _, _| of_text(args, md5_hex)),
    function("sha1", &[STR], Shape::String, |args, _, _| of_text(args, sha1_hex)),
    function("sha256", &[STR], Shape::String, |args, _, _| of_text(args, sha256_hex)),
    function("sha512", &[STR], Shape::String, |args, _, _| of_text(args, sha512_hex)),
    function("base64sha256", &[STR], Shape::String, |args, _, _| of_text(args, sha256_base64)),
    function("base64sha512", &[STR], Shape::String, |args, _, _| of_text(args, sha512_base64)),
    function("filemd5", &[files::PATH], Shape::String, |args, _, env| of_file(args, env, md5_hex)),
    function("filesha1", &[files::PATH], Shape::String, |args, _, env| of_file(args, env, sha1_hex)),
    function("filesha256", &[files::PATH], Shape::String, |args, _, env| of_file(args, env, sha256_hex)),
    function("filesha512", &[files::PATH], Shape::String, |args, _, env| of_file(args, env, sha512_hex)),
    function("filebase64sha256", &[files::PATH], Shape::String, |args, _, env| {
        of_file(args, env, sha256_base64)
    }),
    function("filebase64sha512", &[files::PATH], Shape::String, |args, _, env| {
        of_file(args, env, sha512_base64)
    }),
    function("bcrypt", &[STR], Shape::String, bcrypt).with_rest(Parameter::new("cost", Shape::Number)),
    function(
        "rsadecrypt",
        &[Parameter::new("ciphertext", Shape::String), Parameter::new("privatekey", Shape::String)],
        Shape::String,
        rsa_decrypt,
    ),
    function("uuid", &[], Shape::String, uuid),
    function(
        "uuidv5",
        &[Parameter::new("namespace", Shape::String), Parameter::new("name", Shape::String)],
        Shape::String,
        uuid_v5,
    ),
];

fn of_text(args: &[Value], hash: fn(&[u8]) -> String) -> Result<Value, ArgumentError> {
    Ok(Value::string(hash(text(&args[0]).as_bytes())))
}

fn of_file(
    args: &[Value],
    environment: &Environment,
    hash: fn(&[u8]) -> String,
) -> Result<Value, ArgumentError> {
    let path = files::PathArgument::of(&args[0]);
    let bytes = path.read_for_hash(environment)?;
    Ok(Value::string(hash(&bytes)).with_marks(path.marks))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn md5_hex(bytes: &[u8]) -> String {
    hex(&md5::Md5::digest(bytes))
}

fn sha1_hex(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref())
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn sha512_hex(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA512, bytes).as_ref())
}

fn sha256_base64(bytes: &[u8]) -> String {
    texts::STANDARD.encode(digest::digest(&digest::SHA256, bytes))
}

fn sha512_base64(bytes: &[u8]) -> String {
    texts::STANDARD.encode(digest::digest(&digest::SHA512, bytes))
}

fn bcrypt(args: &[Value], ty: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    const DEFAULT_COST: u32 = 10;
    const LIMIT: usize = 72;
    if environment.phase == Phase::Plan {
        return Ok(Value::unknown(ty.clone()));
    }
    let cost = match args {
        [_] => i64::from(DEFAULT_COST),
        [_, cost] => integer(cost).map_err(ArgumentError::call)?,
        _ => return Err(ArgumentError::call("bcrypt() takes no more than two arguments")),
    };
    let refused =
        |problem: String| ArgumentError::call(format!("error occured generating password {problem}"));
    let too_much = format!("crypto/bcrypt: cost {cost} is outside allowed range (4,31)");
    let cost = if cost < 4 { DEFAULT_COST } else { u32::try_from(cost).unwrap_or(u32::MAX) };
    if cost > 31 {
        return Err(refused(too_much));
    }
    if text(&args[0]).len() > LIMIT {
        return Err(refused("bcrypt: password length exceeds 72 bytes".to_owned()));
    }
    let hashed =
        bcrypt::hash_with_result(text(&args[0]), cost).map_err(|error| refused(error.to_string()))?;
    Ok(Value::string(hashed.format_for_version(bcrypt::Version::TwoA)))
}

/// Random, but without the bits that would make it a UUID of version 4; so Terraform's are.
fn uuid(_: &[Value], ty: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    if environment.phase == Phase::Plan {
        return Ok(Value::unknown(ty.clone()));
    }
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| ArgumentError::call("the system gave no random numbers"))?;
    Ok(Value::string(uuid::Uuid::from_bytes(bytes).to_string()))
}

fn uuid_v5(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    use uuid::Uuid;
    let namespace = match text(&args[0]) {
        "dns" => Uuid::NAMESPACE_DNS,
        "url" => Uuid::NAMESPACE_URL,
        "oid" => Uuid::NAMESPACE_OID,
        "x500" => Uuid::NAMESPACE_X500,
        other => {
            let refused = |problem: String| {
                ArgumentError::call(format!("uuidv5() doesn't support namespace {other} ({problem})"))
            };
            if ![32, 36, 38, 45].contains(&other.len()) {
                return Err(refused(format!("invalid UUID length: {}", other.len())));
            }
            Uuid::parse_str(other).map_err(|_| refused("invalid UUID format".to_owned()))?
        }
    };
    Ok(Value::string(Uuid::new_v5(&namespace, text(&args[1]).as_bytes()).to_string()))
}

fn rsa_decrypt(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let refused = |problem: &str| ArgumentError::argument(1, format!("invalid private key: {problem}"));
    let ciphertext = texts::decode(text(&args[0])).map_err(|_| {
        let message =
            format!("failed to decode input {:?}: cipher text must be base64-encoded", text(&args[0]));
        ArgumentError::argument(0, message)
    })?;
    let (label, der) = pem(text(&args[1])).ok_or_else(|| refused("ssh: no key found"))?;
    let der = match label {
        "PRIVATE KEY" => der,
        "RSA PRIVATE KEY" => pkcs8(&der),
        "OPENSSH PRIVATE KEY" => {
            return Err(refused(
                "OpenSSH's own format is not supported; rewrite the key with ssh-keygen -p -m PEM",
            ));
        }
        other => return Err(refused(&format!("ssh: unsupported key type {other:?}"))),
    };
    let key = aws_lc_rs::rsa::PrivateDecryptingKey::from_pkcs8(&der)
        .map_err(|_| refused("it is no RSA key of 2048 to 8192 bits"))?;
    let failed = |_| ArgumentError::call("failed to decrypt: crypto/rsa: decryption error");
    let key = aws_lc_rs::rsa::Pkcs1PrivateDecryptingKey::new(key).map_err(failed)?;
    let mut plain = vec![0; key.min_output_size()];
    let plain = key.decrypt(&ciphertext, &mut plain).map_err(failed)?;
    Ok(Value::string(String::from_utf8_lossy(plain)))
}

/// Returns the label and the bytes of the first block in a PEM text.
fn pem(whole: &str) -> Option<(&str, Vec<u8>)> {
    let (_, rest) = whole.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let body: String = body.split_whitespace().collect();
    Some((label, texts::decode(&body).ok()?))
}

/// Wraps an RSA key of PKCS #1 as PKCS #8, which is the form that the library reads (RFC 5958).
fn pkcs8(key: &[u8]) -> Vec<u8> {
    // Version 0, and the algorithm rsaEncryption without parameters.
    const HEAD: &[u8] = &[
        0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05,
        0x00,
    ];
    let tagged = |tag: u8, body: &[u8]| {
        let mut out = vec![tag];
        match u8::try_from(body.len()) {
            Ok(length @ 0..=127) => out.push(length),
            _ => {
                let length = body.len().to_be_bytes();
                let length = &length[length.iter().take_while(|byte| **byte == 0).count()..];
                out.push(0x80 | length.len() as u8);
                out.extend_from_slice(length);
            }
        }
        out.extend_from_slice(body);
        out
    };
    tagged(0x30, &[HEAD, &tagged(0x04, key)].concat())
}
