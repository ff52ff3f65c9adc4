//! Networks in CIDR notation.

use std::net::{Ipv4Addr, Ipv6Addr};

use dashu_int::{IBig, UBig};

use super::define::{function, integer, list_of, number, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};

const PREFIX: Parameter = Parameter::new("prefix", Shape::String);
const NEWBITS: Parameter = Parameter::new("newbits", Shape::Number);

pub(super) const FUNCTIONS: &[Function] = &[
    function("cidrhost", &[PREFIX, Parameter::new("hostnum", Shape::Number)], Shape::String, host),
    function("cidrnetmask", &[PREFIX], Shape::String, |args, _, _| {
        let network = Network::parse(text(&args[0])).map_err(ArgumentError::call)?;
        if network.is_mapped() {
            let mask = u128::MAX ^ low_bits(128 - network.length);
            return Ok(Value::string(Ipv6Addr::from(mask).to_string()));
        }
        if network.bits != 32 {
            return Err(ArgumentError::call(format!(
                "IPv6 addresses cannot have a netmask: {}",
                text(&args[0])
            )));
        }
        let mask = u32::MAX.checked_shl(32 - network.length).unwrap_or(0);
        Ok(Value::string(Ipv4Addr::from(mask).to_string()))
    }),
    function(
        "cidrsubnet",
        &[PREFIX, NEWBITS, Parameter::new("netnum", Shape::Number)],
        Shape::String,
        subnet,
    ),
    function("cidrsubnets", &[PREFIX], Shape::List(&Shape::String), subnets).with_rest(NEWBITS),
];

/// A network: the first address as a number, how many bits name the network, and how many there are.
#[derive(Clone, Copy)]
struct Network {
    address: u128,
    length: u32,
    bits: u32,
}

impl Network {
    fn parse(whole: &str) -> Result<Self, String> {
        let refused = || format!("invalid CIDR expression: invalid CIDR address: {whole}");
        let (address, length) = whole.split_once('/').ok_or_else(refused)?;
        let (address, bits) = match parse_ipv4(address) {
            Some(address) => (u128::from(u32::from(address)), 32),
            None => (u128::from(address.parse::<Ipv6Addr>().map_err(|_| refused())?), 128),
        };
        let digits = !length.is_empty() && length.len() <= 8 && length.bytes().all(|b| b.is_ascii_digit());
        let length: u32 =
            length.parse().ok().filter(|length| digits && *length <= bits).ok_or_else(refused)?;
        let host = low_bits(bits - length);
        Ok(Self { address: address & !host, length, bits })
    }

    /// Tells whether the network is one of IPv4 written as `::ffff:10.0.0.0/104`.
    ///
    /// Terraform takes such addresses for four bytes here and for sixteen there, and so do the functions below.
    fn is_mapped(self) -> bool {
        self.bits == 128 && self.address >> 32 == 0xffff
    }

    fn text(self) -> String {
        let length = if self.is_mapped() { self.length.saturating_sub(96) } else { self.length };
        format!("{}/{length}", address_text(self.address, self.bits))
    }
}

/// Reads an IPv4 address; numbers may begin with zeros, which never meant octal here.
fn parse_ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut parts = text.split('.').map(|part| {
        let digits = (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| digits).and_then(|number| u8::try_from(number).ok())
    });
    let address = Ipv4Addr::new(parts.next()??, parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(address)
}

fn low_bits(count: u32) -> u128 {
    1_u128.checked_shl(count).map_or(u128::MAX, |bit| bit - 1)
}

fn address_text(address: u128, bits: u32) -> String {
    if bits == 32 || address >> 32 == 0xffff {
        return Ipv4Addr::from((address & u128::from(u32::MAX)) as u32).to_string();
    }
    Ipv6Addr::from(address).to_string()
}

fn whole_number(value: &Value) -> Result<IBig, ArgumentError> {
    number(value).to_integer().ok_or_else(|| ArgumentError::call("value must be a whole number"))
}

/// Puts a number into an address, above so many low bits.
///
/// A negative number gives what Terraform gives: the magnitude of the two's complement.
fn insert(address: u128, number: &IBig, low: u32) -> Option<u128> {
    let joined = IBig::from(address) | (number.clone() << low as usize);
    let (_, magnitude) = joined.into_parts();
    u128::try_from(&magnitude).ok()
}

/// Returns the lowest 64 bits of the magnitude: Terraform compares no more than these with the size of a network.
fn low_word(number: &IBig) -> u64 {
    let (_, magnitude) = number.clone().into_parts();
    (magnitude & UBig::from(u64::MAX)).try_into().unwrap_or(u64::MAX)
}

fn host(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let mut wanted = whole_number(&args[1])?;
    let network = Network::parse(text(&args[0])).map_err(ArgumentError::call)?;
    let greatest = IBig::from(low_bits(network.bits - network.length));
    let too_large = |wanted: &IBig| {
        ArgumentError::call(format!(
            "prefix of {} does not accommodate a host numbered {wanted}",
            network.length
        ))
    };
    let mut distance = IBig::from(low_word(&wanted) as i64);
    if wanted < IBig::ZERO {
        distance = -wanted - IBig::ONE;
        wanted = &greatest - &distance;
    }
    if distance > greatest {
        return Err(too_large(&wanted));
    }
    let low = if network.is_mapped() { 96 } else { 0 };
    let address = insert(network.address, &wanted, low);
    let address = address.filter(|address| network.bits == 128 || *address <= u128::from(u32::MAX));
    let address = address.ok_or_else(|| too_large(&wanted))?;
    Ok(Value::string(address_text(address, network.bits)))
}

fn subnet(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let added = integer(&args[1]).map_err(ArgumentError::call)?;
    let wanted = whole_number(&args[2])?;
    let network = Network::parse(text(&args[0])).map_err(ArgumentError::call)?;
    let length = i64::from(network.length).saturating_add(added);
    let too_long = || {
        let length = network.length;
        ArgumentError::call(format!("insufficient address space to extend prefix of {length} by {added}"))
    };
    let length = u32::try_from(length).ok().filter(|length| *length <= network.bits).ok_or_else(too_long)?;
    let greatest = u32::try_from(added).map_or(u128::from(u64::MAX), low_bits);
    if u128::from(low_word(&wanted)) > greatest {
        return Err(ArgumentError::call(format!(
            "prefix extension of {added} does not accommodate a subnet numbered {wanted}"
        )));
    }
    let address = insert(network.address, &wanted, network.bits - length).unwrap_or(u128::MAX);
    Ok(Value::string(Network { address, length, ..network }.text()))
}

fn subnets(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let network = Network::parse(text(&args[0])).map_err(|message| ArgumentError::argument(0, message))?;
    let last = network.address | low_bits(network.bits - network.length);
    let mut current: Option<Network> = None;
    let mapped = network.is_mapped();
    let mut found = Vec::new();
    for (index, arg) in args.iter().enumerate().skip(1) {
        let refused = |message: String| ArgumentError::argument(index, message);
        let added = integer(arg).map_err(refused)?;
        if added < 1 {
            return Err(refused("must extend prefix by at least one bit".to_owned()));
        }
        let Some(added) = u32::try_from(added).ok().filter(|added| *added <= 32) else {
            return Err(refused("may not extend prefix by more than 32 bits".to_owned()));
        };
        let length = network.length + added;
        if length > network.bits {
            let protocol = if network.bits == 32 { "IPv4" } else { "IPv6" };
            return Err(refused(format!(
                "would extend prefix to {length} bits, which is too long for an {protocol} address"
            )));
        }
        let size = low_bits(network.bits - length);
        let address = match current {
            None => Some(network.address),
            // The next block of this size behind the last address of the block before.
            Some(before) => ((before.address | low_bits(before.bits - before.length)) | size).checked_add(1),
        };
        let next = address.filter(|address| *address <= last && !mapped).map(|address| Network {
            address,
            length,
            ..network
        });
        let Some(next) = next else {
            let before = if mapped { "<nil>".to_owned() } else { current.unwrap_or(network).text() };
            return Err(refused(format!(
                "not enough remaining address space for a subnet with a prefix of {length} bits after {before}"
            )));
        };
        found.push(Value::string(next.text()));
        current = Some(next);
    }
    Ok(list_of(Type::String, found))
}
