//! The front of all services: what is called, by whom, where, and how the answer is written.

use super::authority::authenticate;
use super::call::{Action, Call, Caller};
use super::envelope::{Format, Origin, Refusal};
use super::parameters::{Parameters, missing};
use super::settings::{ECD_RATE, ECS_RATE, REGION, UNKNOWN_ACTION};
use super::signature::{Claim, Received};
use super::{ecd, ecs, region, sts};
use crate::sandbox::Sandbox;
use crate::sandbox::http::{Reply, Request, Response};
use crate::sandbox::options::{Options, Setting};
use crate::sandbox::session;
use crate::sandbox::traffic::Rate;
use crate::sandbox::world::Place;

/// A service that this gateway knows.
struct Service {
    name: &'static str,
    /// The product's name in error links.
    product: &'static str,
    version: &'static str,
    action: fn(&str) -> Option<Action>,
    /// Calls per clock minute, account, region and action.
    rate: Option<&'static Setting>,
}

static SERVICES: [Service; 3] = [
    Service {
        name: "ecs",
        product: "Ecs",
        version: ecs::VERSION,
        action: ecs::action,
        rate: Some(&ECS_RATE),
    },
    Service {
        name: "ecd",
        product: "ecd",
        version: ecd::VERSION,
        action: ecd::action,
        rate: Some(&ECD_RATE),
    },
    Service { name: "sts", product: "Sts", version: sts::VERSION, action: sts::action, rate: None },
];

/// Answers one call.
pub(crate) fn handle(sandbox: &Sandbox, request: &Request) -> Reply {
    let received = Received {
        method: &request.method,
        path: &request.path,
        query: &request.query,
        headers: &request.headers,
        body: &request.body,
    };
    let parameters = Parameters::new(received.pairs());
    let target = Target::read(&received, &parameters);
    let options = sandbox.with_world(|_, options, _| options.clone());
    let service = SERVICES.iter().find(|service| service.version == target.version);
    let host = request.header("host").unwrap_or_default();
    let region = region::of_call(&parameters, host, &options.text(&REGION));
    let reply = Dress {
        request_id: uuid::Uuid::new_v4().to_string().to_uppercase(),
        host: region::host_id(
            host,
            service.map_or("ecs", |service| service.name),
            region.as_deref().unwrap_or("cn-hangzhou"),
        ),
        product: service.map_or("", |service| service.product),
        action: target.action.clone(),
        format: target.format,
    };
    let admitted = admit(sandbox, request, &received, &target)
        .and_then(|caller| Ok((caller, find(&options, service, &target)?, region?)));
    let (caller, (service, action), region) = match admitted {
        Ok(admitted) => admitted,
        Err(refusal) => return reply.refusal(&refusal).into(),
    };
    let call = session::Call {
        service: service.name.to_owned(),
        action: target.action.clone(),
        account: caller.account.clone(),
        region: region.clone(),
        rate: service.rate.map(|setting| Rate {
            calls: usize::try_from(options.number(setting)).unwrap_or(usize::MAX),
            window_ms: 60_000,
            aligned: true,
        }),
    };
    let refuse = |refusal| reply.refusal(&worded(service.name, refusal));
    sandbox.call(request, &call, refuse, |session| {
        let name = format!("{}:{}", service.name, target.action);
        let any = format!("{}:*", service.name);
        if caller.denied.iter().any(|denied| *denied == name || *denied == any || denied == "*") {
            return reply.refusal(&Refusal::new(
                403,
                "Forbidden.RAM",
                "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
            ));
        }
        let place = Place::new(&caller.account, &region);
        let mut call = Call { parameters: &parameters, place, caller: &caller, session };
        match action(&mut call) {
            Ok(fields) => reply.answer(fields),
            Err(refusal) => reply.refusal(&refusal),
        }
    })
}

/// The gateway's own refusals, as ECS and the generic list document them.
fn worded(service: &str, refusal: session::Refusal) -> Refusal {
    match refusal {
        session::Refusal::Throttled if service == "ecs" => {
            Refusal::new(403, "Throttling", "Request was denied due to user flow control.")
        }
        session::Refusal::Throttled => {
            Refusal::new(400, "Throttling.User", "Request was denied due to user flow control.")
        }
        session::Refusal::ServerError => {
            Refusal::new(500, "InternalError", "The request processing has failed due to some unknown error.")
        }
    }
}

/// What a request is for, before anybody knows whether it is allowed.
struct Target {
    action: String,
    version: String,
    format: Format,
    format_is_known: bool,
}

impl Target {
    /// A V3 request signs its headers, a V1 request its parameters: what is signed comes first.
    fn read(received: &Received<'_>, parameters: &Parameters) -> Self {
        let signed_headers = received.header("authorization").is_some();
        let either = |header: &str, parameter: &str| {
            let (header, parameter) = (received.header(header), parameters.text(parameter));
            let found = if signed_headers { header.or(parameter) } else { parameter.or(header) };
            found.unwrap_or_default().to_owned()
        };
        let (format, format_is_known) = match parameters.text("Format") {
            Some(text) if text.eq_ignore_ascii_case("json") => (Format::Json, true),
            Some(text) if text.eq_ignore_ascii_case("xml") => (Format::Xml, true),
            Some(_) => (Format::Json, false),
            // The old generation answers XML unless it is told otherwise.
            None if signed_headers => (Format::Json, true),
            None => (Format::Xml, true),
        };
        Self {
            action: either("x-acs-action", "Action"),
            version: either("x-acs-version", "Version"),
            format,
            format_is_known,
        }
    }
}

/// Checks the form of a request and its signature.
fn admit(
    sandbox: &Sandbox,
    request: &Request,
    received: &Received<'_>,
    target: &Target,
) -> Result<Caller, Refusal> {
    if !matches!(received.method, "GET" | "POST") {
        return Err(Refusal::new(400, "UnsupportedHTTPMethod", "This http method is not supported."));
    }
    if request.oversized {
        return Err(Refusal::new(413, "RequestEntityTooLarge", "The request is too large."));
    }
    if !target.format_is_known {
        return Err(Refusal::new(
            400,
            "InvalidParameter.Format",
            "The specified parameter Format is not valid.",
        ));
    }
    let claim = Claim::read(received)?;
    let now_ms = sandbox.signature_now_ms();
    let mut nonces = sandbox.nonces();
    sandbox.with_world(|world, options, _| {
        authenticate(world, options, &claim, now_ms, (!request.is_late()).then_some(&mut nonces))
    })
}

fn find(
    options: &Options,
    service: Option<&'static Service>,
    target: &Target,
) -> Result<(&'static Service, Action), Refusal> {
    if target.action.is_empty() {
        return Err(missing("Action"));
    }
    if target.version.is_empty() {
        return Err(missing("Version"));
    }
    let service =
        service.ok_or_else(|| Refusal::new(400, "NoSuchVersion", "Specified api version does not exist."))?;
    let action = (service.action)(&target.action).ok_or_else(|| {
        Refusal::new(
            404,
            &options.text(&UNKNOWN_ACTION),
            "Specified api is not found, please check your url and method.",
        )
    })?;
    Ok((service, action))
}

/// Turns fields and refusals into answers.
struct Dress {
    request_id: String,
    host: String,
    product: &'static str,
    action: String,
    format: Format,
}

impl Dress {
    fn origin(&self) -> Origin<'_> {
        Origin {
            request_id: &self.request_id,
            host: &self.host,
            product: self.product,
            action: &self.action,
            format: self.format,
        }
    }

    fn answer(&self, fields: serde_json::Map<String, serde_json::Value>) -> Response {
        self.response(200, self.origin().answer(fields))
    }

    fn refusal(&self, refusal: &Refusal) -> Response {
        self.response(refusal.status, self.origin().refusal(refusal))
    }

    fn response(&self, status: u16, body: Vec<u8>) -> Response {
        let mut response = Response::new(status, self.format.content_type(), body);
        response.headers.push(("x-acs-request-id".to_owned(), self.request_id.clone()));
        response
    }
}
