//! The shape of answers and errors on the wire, in JSON and in XML.

use serde_json::{Map, Value, json};

/// An answer's encoding, as the request asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// `application/json;charset=utf-8`
    Json,
    /// `text/xml;charset=utf-8`: this very text, because the SDKs compare it as it is.
    Xml,
}

impl Format {
    /// Returns the header value that goes with the encoding.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json;charset=utf-8",
            Self::Xml => "text/xml;charset=utf-8",
        }
    }
}

/// A documented error, before it is dressed for the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// HTTP status.
    pub(super) status: u16,
    /// The documented code.
    pub(super) code: String,
    /// A sentence for people. Clients parse only that of `SignatureDoesNotMatch`.
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into() }
    }

    /// Returns the gateway's `Missing<Name>`.
    pub(super) fn missing(parameter: &str) -> Self {
        Self::new(400, &format!("Missing{parameter}"), format!("{parameter} is mandatory for this action."))
    }

    /// Returns the refusal of a wrong signature.
    ///
    /// The old SDKs cut the message at the first `:` and compare what follows with their own string
    /// to sign, to tell a wrong secret from a request that was changed on its way.
    pub(super) fn signature_does_not_match(string_to_sign: &str) -> Self {
        Self::new(
            400,
            "SignatureDoesNotMatch",
            format!(
                "Specified signature is not matched with our calculation. \
                 server string to sign is:{string_to_sign}"
            ),
        )
    }
}

/// Where an answer comes from: what errors say beside their code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'a> {
    pub(super) request_id: &'a str,
    /// The public host of service and region.
    pub(super) host: &'a str,
    /// The product's name in links, `Ecs` or `ecd`.
    pub(super) product: &'a str,
    pub(super) action: &'a str,
    pub(super) format: Format,
}

impl Origin<'_> {
    /// Returns the body of a successful answer: `fields` and the request id.
    pub(super) fn answer(&self, mut fields: Map<String, Value>) -> Vec<u8> {
        fields.insert("RequestId".to_owned(), json!(self.request_id));
        self.encode(&format!("{}Response", self.action), fields)
    }

    /// Returns the body of an error.
    pub(super) fn refusal(&self, refusal: &Refusal) -> Vec<u8> {
        let recommend = format!(
            "https://api.aliyun.com/troubleshoot?q={}&product={}&requestId={}",
            refusal.code, self.product, self.request_id
        );
        let fields = [
            ("RequestId", self.request_id),
            ("HostId", self.host),
            ("Code", &refusal.code),
            ("Message", &refusal.message),
            ("Recommend", &recommend),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), json!(value)));
        self.encode("Error", fields.into_iter().collect())
    }

    fn encode(&self, root: &str, fields: Map<String, Value>) -> Vec<u8> {
        match self.format {
            Format::Json => Value::Object(fields).to_string().into_bytes(),
            Format::Xml => {
                let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
                write_xml(&mut text, root, &Value::Object(fields));
                text.into_bytes()
            }
        }
    }
}

/// Lists repeat their element; an empty list leaves nothing behind.
fn write_xml(text: &mut String, name: &str, value: &Value) {
    if let Value::Array(items) = value {
        for item in items {
            write_xml(text, name, item);
        }
        return;
    }
    text.push_str(&format!("<{name}>"));
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                write_xml(text, name, value);
            }
        }
        Value::String(content) => escape_xml(text, content),
        Value::Null | Value::Array(_) => {}
        Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
    text.push_str(&format!("</{name}>"));
}

fn escape_xml(text: &mut String, content: &str) {
    for character in content.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\t' | '\n' | '\r' => text.push(character),
            // XML has no way to write the other control characters.
            control if control.is_control() => text.push('\u{fffd}'),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(format: Format) -> Origin<'static> {
        Origin {
            request_id: "540CFF28-407A-40B5-B6A5-74B000000000",
            host: "ecs.cn-hangzhou.aliyuncs.com",
            product: "Ecs",
            action: "DescribeSnapshots",
            format,
        }
    }

    #[test]
    fn an_error_names_request_host_code_and_a_link() {
        let refusal = Refusal::new(404, "InvalidDiskId.NotFound", "a <b> & \"c\"");
        let body: Value = serde_json::from_slice(&origin(Format::Json).refusal(&refusal)).unwrap();
        assert_eq!(body["Code"], "InvalidDiskId.NotFound");
        assert_eq!(body["HostId"], "ecs.cn-hangzhou.aliyuncs.com");
        assert_eq!(body["RequestId"], "540CFF28-407A-40B5-B6A5-74B000000000");
        let link = body["Recommend"].as_str().unwrap();
        assert!(link.contains("q=InvalidDiskId.NotFound&product=Ecs&requestId=540CFF28"));
        let xml = String::from_utf8(origin(Format::Xml).refusal(&refusal)).unwrap();
        assert!(xml.contains("<Message>a &lt;b&gt; &amp; &quot;c&quot;</Message>"));
        assert!(xml.contains("<Error>") && xml.ends_with("</Error>"));
    }

    #[test]
    fn lists_repeat_their_element_in_xml() {
        let fields = json!({"Snapshots": {"Snapshot": [{"RemainTime": 0}, {"Available": true}]}});
        let Value::Object(fields) = fields else { panic!("an object") };
        let xml = String::from_utf8(origin(Format::Xml).answer(fields)).unwrap();
        let expected = "<Snapshots><Snapshot><RemainTime>0</RemainTime></Snapshot>\
                        <Snapshot><Available>true</Available></Snapshot></Snapshots>";
        assert!(xml.contains(expected), "{xml}");
    }

    #[test]
    fn a_wrong_signature_tells_the_string_to_sign_after_a_colon() {
        let refusal = Refusal::signature_does_not_match("POST&%2F&a");
        assert_eq!(refusal.message.split(':').nth(1), Some("POST&%2F&a"));
        assert_eq!(refusal.message.matches(':').count(), 1);
    }
}
