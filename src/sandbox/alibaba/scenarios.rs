//! Calls as clients make them, in process: what the SDKs' scripts cannot show or count.

use serde_json::{Value, json};

use super::encoding::{canonical_query, percent_encode};
use super::signature::tests::vectors;
use crate::sandbox::clock::{Clock, machine_ms, utc_text};
use crate::sandbox::faults::{Fault, FaultKind};
use crate::sandbox::http::{Outcome, Request, Response};
use crate::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_ALIBABA_ACCOUNT, Options,
    Sandbox,
};

const DISK: &str = "d-bp10000000000000000a";
const DESKTOP: &str = "ecd-1000000000000000a";

/// A caller that signs as the Terraform provider's RPC library does: what is common to all calls in the
/// query, what belongs to the action in a form body, one V1 signature over both.
struct Caller {
    sandbox: Sandbox,
    key: String,
    secret: String,
    token: String,
    host: String,
}

impl Caller {
    fn new(sandbox: &Sandbox) -> Self {
        Self {
            sandbox: sandbox.clone(),
            key: DEFAULT_ALIBABA_ACCESS_KEY_ID.to_owned(),
            secret: DEFAULT_ALIBABA_ACCESS_KEY_SECRET.to_owned(),
            token: String::new(),
            host: "127.0.0.1:8080".to_owned(),
        }
    }

    fn request(&self, version: &str, action: &str, parameters: &[(&str, &str)]) -> Request {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let nonce = uuid::Uuid::new_v4().to_string();
        let now = utc_text(machine_ms());
        let mut common: Vec<(String, String)> = [
            ("AccessKeyId", self.key.as_str()),
            ("Action", action),
            ("Format", "json"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", &nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", &now),
            ("Version", version),
        ]
        .map(owned)
        .to_vec();
        if !self.token.is_empty() {
            common.push(("SecurityToken".to_owned(), self.token.clone()));
        }
        let form: Vec<(String, String)> = parameters.iter().copied().map(owned).collect();
        let signed = canonical_query(common.iter().chain(&form));
        let text = format!("POST&%2F&{}", percent_encode(&signed));
        let key = aws_lc_rs::hmac::Key::new(
            aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            format!("{}&", self.secret).as_bytes(),
        );
        use base64::Engine as _;
        let signature =
            base64::engine::general_purpose::STANDARD.encode(aws_lc_rs::hmac::sign(&key, text.as_bytes()));
        common.push(("Signature".to_owned(), signature));
        Request::new("POST", &format!("/?{}", canonical_query(&common)))
            .with_header("host", &self.host)
            .with_header("content-type", "application/x-www-form-urlencoded")
            .with_header("x-acs-action", action)
            .with_header("x-acs-version", version)
            .with_body(canonical_query(&form))
    }

    fn send(&self, request: &Request) -> Response {
        match self.sandbox.answer(request).outcome {
            Outcome::Answer(response) => response,
            other => panic!("no answer: {other:?}"),
        }
    }

    fn ecs(&self, action: &str, parameters: &[(&str, &str)]) -> Value {
        self.send(&self.request("2014-05-26", action, parameters)).body_json()
    }

    fn ecd(&self, action: &str, parameters: &[(&str, &str)]) -> Value {
        self.send(&self.request("2020-09-30", action, parameters)).body_json()
    }

    fn create(&self, parameters: &[(&str, &str)]) -> String {
        let mut all = vec![("DiskId", DISK)];
        all.extend(parameters);
        let answer = self.ecs("CreateSnapshot", &all);
        answer["SnapshotId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    fn list(&self, parameters: &[(&str, &str)]) -> Vec<Value> {
        let mut all = vec![("RegionId", "cn-hangzhou"), ("MaxResults", "100")];
        all.extend(parameters);
        self.ecs("DescribeSnapshots", &all)["Snapshots"]["Snapshot"].as_array().cloned().unwrap()
    }

    fn read(&self, id: &str) -> Option<Value> {
        self.list(&[("SnapshotIds", &json!([id]).to_string())]).pop()
    }
}

/// A sandbox whose clock stands still.
fn sandbox(settings: &[(&str, &str)]) -> Sandbox {
    let options =
        settings.iter().fold(Options::default(), |options, (name, value)| options.with(name, value).unwrap());
    let sandbox = Sandbox::open(None, options).unwrap();
    sandbox.set_clock(Clock::Standing { at_ms: 1_900_000_000_000 }).unwrap();
    sandbox
}

#[test]
fn the_terraform_providers_calls_for_a_disk_snapshot_work_in_their_order() {
    let sandbox = sandbox(&[]);
    let caller = Caller::new(&sandbox);
    let token = "TF-CreateSnapshot-1732696200-0b1f3c52-6f5e-4d4e-9a39-0d0d6f0a7c1";
    let create = [
        ("ClientToken", token),
        ("RetentionDays", "20"),
        ("SnapshotName", "tf-快照"),
        ("Tag.1.Key", "Created"),
        ("Tag.1.Value", "TF"),
    ];
    let id = caller.create(&create);
    // The provider's library repeats a create within milliseconds.
    assert_eq!((caller.create(&create), caller.create(&create)), (id.clone(), id.clone()));
    assert_eq!(caller.read(&id).unwrap()["Status"], "progressing");
    sandbox.advance_ms(1_000).unwrap();
    let read = caller.read(&id).unwrap();
    assert_eq!((&read["Status"], &read["Category"]), (&json!("accomplished"), &json!("standard")));

    let quiet = |answer: Value| {
        // The provider takes these names in a success for an error.
        let names: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["RequestId"], "{answer}");
    };
    quiet(caller.ecs(
        "ModifySnapshotAttribute",
        &[("SnapshotId", &id), ("Description", "d"), ("RetentionDays", "30")],
    ));
    quiet(caller.ecs(
        "JoinResourceGroup",
        &[
            ("RegionId", "cn-hangzhou"),
            ("ResourceId", &id),
            ("ResourceType", "snapshot"),
            ("ResourceGroupId", "rg-1"),
        ],
    ));
    let resource = [("RegionId", "cn-hangzhou"), ("ResourceType", "snapshot"), ("ResourceId.1", &*id)];
    quiet(caller.ecs("UntagResources", &[resource.as_slice(), &[("TagKey.1", "Created")]].concat()));
    quiet(
        caller.ecs(
            "TagResources",
            &[resource.as_slice(), &[("Tag.1.Key", "For"), ("Tag.1.Value", "x")]].concat(),
        ),
    );
    let read = caller.read(&id).unwrap();
    assert_eq!(read["Tags"]["Tag"], json!([{"TagKey": "For", "TagValue": "x"}]));
    assert_eq!((&read["RetentionDays"], &read["ResourceGroupId"]), (&json!(30), &json!("rg-1")));
    quiet(caller.ecs("DeleteSnapshot", &[("SnapshotId", &id), ("Force", "true")]));
    assert_eq!(caller.read(&id), None);
}

#[test]
fn the_terraform_data_source_reads_all_pages() {
    let sandbox = sandbox(&[]);
    let snapshots: Vec<Value> =
        (0..120).map(|n| json!({"id": format!("s-{n:03}"), "disk_id": DISK})).collect();
    let seed = json!({"objects": {"ecs-snapshot": snapshots}});
    sandbox.seed(&serde_json::from_value(seed).unwrap()).unwrap();
    let caller = Caller::new(&sandbox);
    let (mut sizes, mut token) = (Vec::new(), String::new());
    for number in 1..=3 {
        let number = number.to_string();
        let mut parameters = vec![
            ("DryRun", "false"),
            ("MaxResults", "50"),
            ("PageNumber", &*number),
            ("PageSize", "50"),
            ("RegionId", "cn-hangzhou"),
            ("SnapshotType", "all"),
        ];
        if !token.is_empty() {
            parameters.push(("NextToken", &token));
        }
        let answer = caller.ecs("DescribeSnapshots", &parameters);
        sizes.push(answer["Snapshots"]["Snapshot"].as_array().unwrap().len());
        token = answer["NextToken"].as_str().unwrap().to_owned();
    }
    assert_eq!((sizes, token.as_str()), (vec![50, 50, 20], ""));
}

#[test]
fn a_request_cannot_be_sent_twice_and_a_captured_one_is_too_old() {
    let sandbox = sandbox(&[]);
    let caller = Caller::new(&sandbox);
    let request = caller.request("2014-05-26", "CreateSnapshot", &[("DiskId", DISK)]);
    assert_eq!(caller.send(&request).status, 200);
    let again = caller.send(&request);
    assert_eq!((again.status, &again.body_json()["Code"]), (400, &json!("SignatureNonceUsed")));
    let mut forged = caller.request("2014-05-26", "CreateSnapshot", &[("DiskId", DISK)]);
    forged.body.extend(b"&SnapshotName=other");
    assert_eq!(caller.send(&forged).body_json()["Code"], "SignatureDoesNotMatch");

    let captured = &vectors()["captured_requests"];
    let captured = captured.as_array().unwrap().iter().find(|it| it["name"] == "tf_ecs_create").unwrap();
    let query = captured["raw"].as_str().unwrap().split(' ').nth(1).unwrap();
    let request = Request::new("POST", query)
        .with_header("content-type", "application/x-www-form-urlencoded")
        .with_body(captured["body"].as_str().unwrap());
    let key = json!({"objects": {"access-key": [
        {"id": captured["access_key_id"], "secret": captured["access_key_secret"],
         "cloud": "alibaba", "account": DEFAULT_ALIBABA_ACCOUNT},
    ]}});
    sandbox.seed(&serde_json::from_value(key).unwrap()).unwrap();
    sandbox.set("signature.clock", "sandbox").unwrap();
    let at = |text: &str| Clock::Standing { at_ms: crate::sandbox::clock::parse_utc(text).unwrap() };
    sandbox.set_clock(at("2026-11-22T19:19:33Z")).unwrap();
    assert_eq!(caller.send(&request).body_json()["Code"], "InvalidTimeStamp.Expired");
    sandbox.set_clock(at("2026-11-22T19:19:32Z")).unwrap();
    // Its name has a blank, which the action refuses: signature and window were accepted.
    assert_eq!(caller.send(&request).body_json()["Code"], "InvalidSnapshotName.Malformed");
}

#[test]
fn a_request_without_its_signature_parts_is_refused_by_name() {
    let sandbox = sandbox(&[]);
    let caller = Caller::new(&sandbox);
    let code = |request: &Request| caller.send(request).body_json()["Code"].as_str().unwrap().to_owned();
    let json = |query: &str| Request::new("POST", &format!("/?Format=json&{query}"));
    assert_eq!(code(&json("AccessKeyId=x")), "MissingSignature");
    assert_eq!(code(&json("AccessKeyId=x&Signature=y")), "MissingSignatureMethod");
    let strange = json("").with_header("authorization", "ACS3-RSA-SHA256 Credential=x");
    assert_eq!(code(&strange.with_header("x-acs-action", "x")), "InvalidSignatureMethod");
    let unsigned = "ACS3-HMAC-SHA256 Credential=x,SignedHeaders=host,Signature=y";
    let unsigned = json("").with_header("authorization", unsigned).with_header("x-acs-action", "x");
    assert_eq!(code(&unsigned), "IncompleteSignature");
    assert_eq!(code(&caller.request("2014-05-26", "RunInstances", &[])), "InvalidAction.NotFound");
    assert_eq!(code(&caller.request("2013-01-10", "CreateSnapshot", &[])), "NoSuchVersion");
    let plain = caller.send(&Request::new("POST", "/?AccessKeyId=x"));
    assert_eq!(plain.header("content-type"), Some("text/xml;charset=utf-8"));
    assert!(String::from_utf8(plain.body).unwrap().contains("<Code>MissingSignature</Code>"));
}

#[test]
fn the_region_of_a_create_is_that_of_the_host() {
    let sandbox = sandbox(&[]);
    let mut caller = Caller::new(&sandbox);
    caller.host = "ecs.cn-shanghai.aliyuncs.com".to_owned();
    let shanghai = [("DiskId", "d-uf60000000000000000a")];
    assert!(caller.ecs("CreateSnapshot", &shanghai)["SnapshotId"].is_string());
    let refused = caller.ecs("CreateSnapshot", &[("DiskId", DISK)]);
    assert_eq!(
        (&refused["Code"], &refused["HostId"]),
        (&json!("InvalidDiskId.NotFound"), &json!(caller.host))
    );
    caller.host = "ecs-cn-hangzhou.aliyuncs.com".to_owned();
    assert!(caller.ecs("CreateSnapshot", &[("DiskId", DISK)])["SnapshotId"].is_string());
}

#[test]
fn a_snapshot_leaves_at_the_end_of_its_retention() {
    let sandbox = sandbox(&[]);
    let caller = Caller::new(&sandbox);
    let id = caller.create(&[("RetentionDays", "2")]);
    sandbox.advance_ms(2 * 86_400_000 - 1).unwrap();
    assert!(caller.read(&id).is_some());
    sandbox.advance_ms(1).unwrap();
    assert_eq!(caller.read(&id), None);
}

#[test]
fn a_lost_answer_is_found_again_by_the_token_and_a_forgotten_token_doubles() {
    let sandbox = sandbox(&[("ecs.concurrent-snapshots", "9")]);
    let caller = Caller::new(&sandbox);
    let lost = caller.request("2014-05-26", "CreateSnapshot", &[("DiskId", DISK), ("ClientToken", "t")]);
    sandbox.arm(Fault::once(FaultKind::DropAfter)).unwrap();
    assert_eq!(sandbox.answer(&lost).outcome, Outcome::Drop);
    let id = caller.create(&[("ClientToken", "t")]);
    assert_eq!(caller.list(&[]).len(), 1);
    sandbox.arm(Fault::once(FaultKind::ForgottenClientToken)).unwrap();
    assert_ne!(caller.create(&[("ClientToken", "t")]), id);
    // After its hours a token is new again.
    sandbox.advance_ms(24 * 3_600_000).unwrap();
    assert_ne!(caller.create(&[("ClientToken", "t")]), id);
    assert_eq!(caller.list(&[]).len(), 3);
}

#[test]
fn a_late_request_takes_effect_although_its_connection_was_dropped() {
    let sandbox = sandbox(&[]);
    let caller = Caller::new(&sandbox);
    let fault = Fault { seconds: Some(5), ..Fault::once(FaultKind::LateArrival) };
    sandbox.arm(fault.on("CreateSnapshot")).unwrap();
    let request = caller.request("2014-05-26", "CreateSnapshot", &[("DiskId", DISK)]);
    assert_eq!(sandbox.answer(&request).outcome, Outcome::Drop);
    assert!(caller.list(&[]).is_empty());
    sandbox.advance_ms(5_000).unwrap();
    assert_eq!(caller.list(&[]).len(), 1);
}

#[test]
fn faults_of_a_creates_outcome_show_in_its_states() {
    let sandbox = sandbox(&[("ecs.concurrent-snapshots", "9")]);
    let caller = Caller::new(&sandbox);
    sandbox.arm(Fault::once(FaultKind::Stuck)).unwrap();
    let stuck = caller.create(&[]);
    sandbox.arm(Fault::once(FaultKind::CreateFailed)).unwrap();
    let failed = caller.create(&[]);
    sandbox.arm(Fault::once(FaultKind::DefaultName)).unwrap();
    let named = caller.create(&[]);
    sandbox.advance_ms(3_600_000).unwrap();
    assert_eq!(caller.read(&stuck).unwrap()["Status"], "progressing");
    assert_eq!(caller.read(&failed).unwrap()["Status"], "failed");
    assert!(caller.read(&named).unwrap()["SnapshotName"].is_string());
    assert!(caller.read(&failed).unwrap().get("SnapshotName").is_none());
    let lag = Fault { seconds: Some(60), ..Fault::once(FaultKind::ListLag) };
    sandbox.arm(lag).unwrap();
    let young = caller.create(&[]);
    assert_eq!(caller.read(&young), None);
    sandbox.advance_ms(60_000).unwrap();
    assert!(caller.read(&young).is_some());
}

#[test]
fn open_questions_are_answered_as_the_settings_say() {
    let sandbox = sandbox(&[
        ("ecs.busy-code", "QuotaExceed.ConcurrentSnapshotQuota"),
        ("ecs.order", "oldest-first"),
        ("ecs.name-filter", "fuzzy"),
        ("ecs.available", "at-once"),
        ("alibaba.auto-prefix", "any-case"),
        ("ecd.concurrent-snapshots", "refused"),
        ("ecd.snapshots-per-desktop", "1"),
    ]);
    let caller = Caller::new(&sandbox);
    let first = caller.create(&[("SnapshotName", "nightly-1")]);
    let busy = caller.ecs("CreateSnapshot", &[("DiskId", DISK)]);
    assert_eq!(busy["Code"], "QuotaExceed.ConcurrentSnapshotQuota");
    assert!(busy["Message"].as_str().unwrap().contains(DISK));
    assert_eq!(caller.read(&first).unwrap()["Available"], true);
    sandbox.advance_ms(1_000).unwrap();
    let second = caller.create(&[("SnapshotName", "nightly-2")]);
    let listed = caller.list(&[("SnapshotName", "nightly")]);
    let ids: Vec<_> = listed.iter().map(|it| it["SnapshotId"].as_str().unwrap()).collect();
    assert_eq!(ids, [first, second]);
    let refused = caller.ecs("CreateSnapshot", &[("DiskId", DISK), ("SnapshotName", "Auto-1")]);
    assert_eq!(refused["Code"], "InvalidSnapshotName.Malformed");

    let desktop = [
        ("RegionId", "cn-hangzhou"),
        ("DesktopId", DESKTOP),
        ("SnapshotName", "n1"),
        ("SourceDiskType", "SYSTEM"),
    ];
    assert!(caller.ecd("CreateSnapshot", &desktop)["SnapshotId"].is_string());
    assert_eq!(caller.ecd("CreateSnapshot", &desktop)["Code"], "IncorrectDesktopStatus");
    sandbox.advance_ms(1_000).unwrap();
    assert_eq!(caller.ecd("CreateSnapshot", &desktop)["Code"], "QuotaExceed.Snapshot");
}

#[test]
fn a_thousand_calls_a_minute_are_answered_and_the_next_is_throttled() {
    let sandbox = sandbox(&[("ecs.rate", "3"), ("limits.clock", "sandbox")]);
    let caller = Caller::new(&sandbox);
    let code = || caller.ecs("DescribeSnapshots", &[("RegionId", "cn-hangzhou")])["Code"].clone();
    assert_eq!((code(), code(), code()), (Value::Null, Value::Null, Value::Null));
    assert_eq!(code(), "Throttling");
    sandbox.advance_ms(60_000).unwrap();
    assert_eq!(code(), Value::Null);
    assert_eq!(sandbox.calls()["ecs:DescribeSnapshots"].throttled, 1);
}

#[test]
fn a_role_is_assumed_and_its_session_ends() {
    let sandbox = sandbox(&[("signature.clock", "machine")]);
    sandbox.set_clock(Clock::default()).unwrap();
    let mut caller = Caller::new(&sandbox);
    let sts = |caller: &Caller, action: &str, parameters: &[(&str, &str)]| {
        caller.send(&caller.request("2015-04-01", action, parameters)).body_json()
    };
    let root = sts(&caller, "GetCallerIdentity", &[]);
    assert_eq!(root["AccountId"], DEFAULT_ALIBABA_ACCOUNT);
    assert_eq!(root["IdentityType"], "Account");
    let role = format!("acs:ram::{DEFAULT_ALIBABA_ACCOUNT}:role/backup");
    let answer = sts(&caller, "AssumeRole", &[("RoleArn", &role), ("RoleSessionName", "nightly")]);
    let part = |name: &str| answer["Credentials"][name].as_str().unwrap().to_owned();
    (caller.key, caller.secret) = (part("AccessKeyId"), part("AccessKeySecret"));
    assert_eq!(sts(&caller, "GetCallerIdentity", &[])["Code"], "MissingSecurityToken");
    caller.token = part("SecurityToken");
    let session = sts(&caller, "GetCallerIdentity", &[]);
    let arn = format!("acs:ram::{DEFAULT_ALIBABA_ACCOUNT}:assumed-role/backup/nightly");
    assert_eq!((&session["IdentityType"], &session["Arn"]), (&json!("AssumedRoleUser"), &json!(arn)));
    assert!(caller.read("s-unknown").is_none());
    caller.token.push('x');
    assert_eq!(sts(&caller, "GetCallerIdentity", &[])["Code"], "InvalidSecurityToken.Malformed");
    caller.token.pop();
    sandbox.arm(Fault { seconds: Some(3_601), ..Fault::once(FaultKind::ClockSkew) }).unwrap();
    assert_eq!(sts(&caller, "GetCallerIdentity", &[])["Code"], "InvalidSecurityToken.Expired");
    let short = [("RoleArn", &*role), ("RoleSessionName", "n"), ("DurationSeconds", "899")];
    sandbox.disarm_all().unwrap();
    assert_eq!(sts(&caller, "AssumeRole", &short)["Code"], "InvalidParameter");
}
