//! Calls in process. Signatures are checked on the vectors; the other tests ignore them.

use serde_json::{Value, json};

use super::{signature, signature_old};
use crate::sandbox::faults::{Fault, FaultKind};
use crate::sandbox::http::{Outcome, Request};
use crate::sandbox::{DEFAULT_TENCENT_SECRET_ID, Options, Sandbox};

const VECTORS: &str = include_str!("../../../tests/vectors/tencent-signing.json");
const CLUSTER: &str = "19162256624";

fn sandbox(settings: &[(&str, &str)]) -> Sandbox {
    let mut options = Options::default();
    for (name, value) in [("signature", "ignored"), ("limits", "off")].iter().chain(settings) {
        options.set(name, value).unwrap();
    }
    Sandbox::open(None, options).unwrap()
}

fn request(service: &str, action: &str, body: &Value) -> Request {
    let version = super::SERVICES.iter().find(|known| known.name == service).unwrap().version;
    let now = jiff::Timestamp::now().as_second();
    let authorization = format!(
        "TC3-HMAC-SHA256 Credential={DEFAULT_TENCENT_SECRET_ID}/2026-01-01/{service}/tc3_request, SignedHeaders=content-type;host, Signature=00"
    );
    Request::new("POST", "/")
        .with_header("Host", "127.0.0.1:1")
        .with_header("Content-Type", "application/json")
        .with_header("X-TC-Action", action)
        .with_header("X-TC-Version", version)
        .with_header("X-TC-Region", "ap-guangzhou")
        .with_header("X-TC-Timestamp", &now.to_string())
        .with_header("Authorization", &authorization)
        .with_body(body.to_string())
}

fn call(sandbox: &Sandbox, service: &str, action: &str, body: Value) -> Value {
    let reply = sandbox.answer(&request(service, action, &body));
    let response = reply.response().expect("an answer").clone();
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    let body = response.body_json();
    assert!(body["Response"]["RequestId"].is_string());
    body["Response"].clone()
}

fn code(sandbox: &Sandbox, service: &str, action: &str, body: Value) -> String {
    call(sandbox, service, action, body)["Error"]["Code"].as_str().unwrap_or("no error").to_owned()
}

fn create_cfs(sandbox: &Sandbox, name: &str) -> String {
    let body = json!({"FileSystemId": "cfs-1000000a", "SnapshotName": name});
    call(sandbox, "cfs", "CreateCfsSnapshot", body)["SnapshotId"].as_str().unwrap().to_owned()
}

#[test]
fn every_signing_vector_verifies_and_a_flipped_byte_does_not() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let mut seen = 0;
    for vector in vectors["vectors"].as_array().unwrap() {
        let text = |name: &str| vector[name].as_str().unwrap_or_default().to_owned();
        let mut request = Request::new(&text("method"), "/").with_header("Host", &text("host"));
        for (name, value) in vector["headers"].as_object().unwrap() {
            if name != "Host" {
                request = request.with_header(name, value.as_str().unwrap());
            }
        }
        let secret = text("secret_key");
        if text("sign_method") == "TC3-HMAC-SHA256" {
            request.query = text("query_string");
            request.body = text("payload").into_bytes();
            let authorization = signature::parse(&text("authorization")).unwrap();
            let timestamp = vector["timestamp"].as_i64().unwrap();
            let verified = signature::verify(&request, &authorization, &secret, timestamp);
            assert_eq!(verified, Ok(()), "{}", text("name"));
            request.query.push('x');
            assert!(signature::verify(&request, &authorization, &secret, timestamp).is_err());
        } else {
            if request.method == "GET" {
                request.query = text("form_body");
            } else {
                request.body = text("form_body").into_bytes();
            }
            let mut pairs =
                if request.method == "GET" { request.query_pairs() } else { request.form_pairs() };
            if request.query.is_empty() && request.body.is_empty() {
                panic!("{} has no pairs", text("name"));
            }
            assert_eq!(signature_old::verify(&request, &pairs, &secret), Ok(()), "{}", text("name"));
            pairs.push(("Limit".to_owned(), "1".to_owned()));
            assert!(signature_old::verify(&request, &pairs, &secret).is_err());
        }
        seen += 1;
    }
    assert!(seen >= 17, "{seen}");
}

#[test]
fn the_published_example_verifies() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let published = vectors["published_vectors"].as_array().unwrap();
    let vector = published.iter().find(|vector| vector["secret_key"].is_string()).unwrap();
    let text = |name: &str| vector[name].as_str().unwrap();
    let request = Request::new("POST", "/")
        .with_header("content-type", "application/json; charset=utf-8")
        .with_header("host", "cvm.tencentcloudapi.com")
        .with_body(text("payload"));
    let header = format!(
        "TC3-HMAC-SHA256 Credential={}/2019-02-25/cvm/tc3_request, SignedHeaders={}, Signature={}",
        text("secret_id"),
        text("signed_headers"),
        text("signature")
    );
    let authorization = signature::parse(&header).unwrap();
    signature::verify(&request, &authorization, text("secret_key"), 1_551_113_065).unwrap();
}

#[test]
fn the_gateway_refuses_in_the_documented_order() {
    let sandbox = Sandbox::in_memory().unwrap();
    let code = |request: Request| {
        let reply = sandbox.answer(&request);
        reply.response().unwrap().body_json()["Response"]["Error"]["Code"].as_str().unwrap().to_owned()
    };
    let good = || request("cfs", "DescribeCfsSnapshots", &json!({}));
    let with = |name: &str, value: &str| {
        let mut request = good();
        request.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        request.with_header(name, value)
    };
    assert_eq!(code(with("Authorization", "TC3-HMAC-SHA256 nonsense")), "AuthFailure.InvalidAuthorization");
    let unknown =
        "TC3-HMAC-SHA256 Credential=AKIDnobody/2026-01-01/cfs/tc3_request, SignedHeaders=host, Signature=00";
    assert_eq!(code(with("Authorization", unknown)), "AuthFailure.SecretIdNotFound");
    assert_eq!(code(with("X-TC-Timestamp", "1700000000")), "AuthFailure.SignatureExpire");
    assert_eq!(code(good()), "AuthFailure.SignatureFailure");
    sandbox.set("signature", "ignored").unwrap();
    assert_eq!(code(with("X-TC-Token", "x")), "AuthFailure.TokenFailure");
    assert_eq!(code(with("X-TC-Action", "MakeCoffee")), "InvalidAction");
    assert_eq!(code(with("X-TC-Version", "2000-01-01")), "NoSuchVersion");
    assert_eq!(code(with("X-TC-Region", "mars")), "UnsupportedRegion");
    assert_eq!(code(with("Authorization", "SKIP")), "AuthFailure.InvalidAuthorization");
    assert_eq!(code(request("cfs", "DescribeCfsSnapshots", &json!({"Colour": 1}))), "UnknownParameter");
}

#[test]
fn a_cfs_snapshot_lives_from_creating_to_absent() {
    let sandbox = sandbox(&[]);
    sandbox.set_clock(crate::sandbox::clock::Clock::Standing { at_ms: 1_700_000_000_000 }).unwrap();
    let id = create_cfs(&sandbox, "nightly_夜-1");
    let status = || {
        let answer = call(&sandbox, "cfs", "DescribeCfsSnapshots", json!({"SnapshotId": id}));
        answer["Snapshots"][0]["Status"].as_str().unwrap_or("absent").to_owned()
    };
    assert_eq!(status(), "creating");
    let answer = code(&sandbox, "cfs", "DeleteCfsSnapshot", json!({"SnapshotId": id}));
    assert_eq!(answer, "InvalidParameterValue.InvalidSnapshotStatus");
    sandbox.advance_ms(1_000).unwrap();
    assert_eq!(status(), "available");
    let renamed = json!({"SnapshotId": id, "SnapshotName": "weekly"});
    assert_eq!(call(&sandbox, "cfs", "UpdateCfsSnapshotAttribute", renamed)["SnapshotId"], json!(id));
    let listed = call(&sandbox, "cfs", "DescribeCfsSnapshots", json!({"SnapshotId": id}));
    assert_eq!(listed["Snapshots"][0]["SnapshotName"], "weekly");
    assert_eq!(listed["Snapshots"][0]["CreationTime"], "2023-11-15 06:13:20");
    assert_eq!(listed["Snapshots"][0]["DeleteTime"], "0");
    call(&sandbox, "cfs", "DeleteCfsSnapshot", json!({"SnapshotId": id}));
    assert_eq!(status(), "deleting");
    sandbox.advance_ms(500).unwrap();
    assert_eq!(status(), "absent");
    let answer = code(&sandbox, "cfs", "DeleteCfsSnapshot", json!({"SnapshotId": id}));
    assert_eq!(answer, "ResourceNotFound.SnapshotNotFound");
}

#[test]
fn cfs_refuses_with_its_documented_codes() {
    let sandbox = sandbox(&[("cfs.snapshots-per-file-system", "2")]);
    let create = |body: Value| code(&sandbox, "cfs", "CreateCfsSnapshot", body);
    let named = |name: &str| json!({"FileSystemId": "cfs-1000000a", "SnapshotName": name});
    let tagged = |key: &str, value: &str| json!({"FileSystemId": "cfs-1000000a", "ResourceTags": [{"TagKey": key, "TagValue": value}]});
    assert_eq!(create(json!({})), "MissingParameter");
    assert_eq!(create(json!({"FileSystemId": ""})), "InvalidParameterValue.MissingFileSystemId");
    assert_eq!(create(json!({"FileSystemId": "x"})), "InvalidParameterValue.InvalidFileSystemId");
    assert_eq!(create(json!({"FileSystemId": "cfs-0"})), "ResourceNotFound.FileSystemNotFound");
    assert_eq!(create(named(&"x".repeat(65))), "InvalidParameter.SnapshotNameLimitExceeded");
    assert_eq!(create(named("a b")), "InvalidParameter.InvalidSnapshotName");
    assert_eq!(create(tagged("", "x")), "InvalidParameterValue.InvalidTagKey");
    assert_eq!(create(tagged("x", "")), "InvalidParameterValue.InvalidTagValue");
    assert_eq!(create(tagged(&"k".repeat(128), "x")), "InvalidParameterValue.TagKeyLimitExceeded");
    assert_eq!(create(tagged("k", &"v".repeat(256))), "InvalidParameterValue.TagValueLimitExceeded");
    let tags: Vec<Value> = (0..7).map(|n| json!({"TagKey": format!("k{n}"), "TagValue": "v"})).collect();
    let body = json!({"FileSystemId": "cfs-1000000a", "ResourceTags": tags});
    assert_eq!(create(body), "InvalidParameterValue.TagKeyFilterLimitExceeded");
    assert_eq!(create(named("one")), "no error");
    assert_eq!(create(named("two")), "no error");
    assert_eq!(create(named("three")), "LimitExceeded");
    sandbox.change("cfs-file-system", "cfs-1000000b", &json!({"state": "upgrading"})).unwrap();
    assert_eq!(create(json!({"FileSystemId": "cfs-1000000b"})), "InvalidParameterValue.InvalidFsStatus");
}

#[test]
fn cfs_lists_by_filter_and_page() {
    let sandbox = sandbox(&[]);
    for number in 0..25 {
        create_cfs(&sandbox, &format!("s{number:02}"));
    }
    let list = |body: Value| call(&sandbox, "cfs", "DescribeCfsSnapshots", body);
    let names = |answer: &Value| -> Vec<String> {
        let list = answer["Snapshots"].as_array().unwrap().iter();
        list.map(|item| item["SnapshotName"].as_str().unwrap().to_owned()).collect()
    };
    let first = list(json!({"FileSystemId": "cfs-1000000a", "Order": "ASC"}));
    assert_eq!((first["TotalCount"].as_i64(), names(&first).len()), (Some(25), 20));
    let second = list(json!({"Order": "ASC", "OrderField": "CreationTime", "Offset": 20, "Limit": 20}));
    assert_eq!(names(&second), ["s20", "s21", "s22", "s23", "s24"]);
    let newest = list(json!({"Limit": 1}));
    assert_eq!(names(&newest), ["s24"]);
    let filter = |name: &str, values: &[&str]| json!({"Filters": [{"Name": name, "Values": values}]});
    assert_eq!(names(&list(filter("SnapshotName", &["s03", "s04"]))), ["s04", "s03"]);
    assert_eq!(list(filter("Status", &["creating"]))["TotalCount"], 25);
    assert_eq!(list(filter("Colour", &["x"]))["Error"]["Code"], "InvalidParameter");
    assert_eq!(list(json!({"SnapshotId": "snapcfs-none"}))["TotalCount"], 0);
    sandbox.set("cfs.describe-unknown", "error").unwrap();
    let unknown = list(json!({"SnapshotId": "snapcfs-none"}));
    assert_eq!(unknown["Error"]["Code"], "ResourceNotFound.SnapshotNotFound");
}

#[test]
fn a_disk_backup_counts_against_the_quota_of_its_disk() {
    let sandbox = sandbox(&[("cbs.create-ms", "0")]);
    let set = json!({"DiskId": "disk-1000000b", "DiskBackupQuota": 1});
    assert_eq!(code(&sandbox, "cbs", "ModifyDiskBackupQuota", set), "no error");
    let create = || call(&sandbox, "cbs", "CreateDiskBackup", json!({"DiskId": "disk-1000000b"}));
    let id = create()["DiskBackupId"].as_str().unwrap().to_owned();
    assert_eq!(create()["Error"]["Code"], "ResourceInsufficient.OverQuota");
    let list = json!({"Filters": [{"Name": "disk-id", "Values": ["disk-1000000b"]}]});
    let listed = call(&sandbox, "cbs", "DescribeDiskBackups", list);
    let backup = &listed["DiskBackupSet"][0];
    assert_eq!(
        (backup["DiskBackupId"].as_str(), backup["DiskBackupState"].as_str()),
        (Some(&*id), Some("NORMAL"))
    );
    let disks = call(&sandbox, "cbs", "DescribeDisks", json!({"DiskIds": ["disk-1000000b"]}));
    assert_eq!(disks["DiskSet"][0]["DiskBackupCount"], 1);
    let both = json!({"DiskBackupIds": [id], "Filters": []});
    assert_eq!(code(&sandbox, "cbs", "DescribeDiskBackups", both), "no error");
    let delete = json!({"DiskBackupIds": [id]});
    assert_eq!(code(&sandbox, "cbs", "DeleteDiskBackups", delete.clone()), "no error");
    assert_eq!(code(&sandbox, "cbs", "DeleteDiskBackups", delete), "ResourceNotFound.NotFound");
    let unknown = json!({"DiskId": "disk-none"});
    assert_eq!(code(&sandbox, "cbs", "CreateDiskBackup", unknown), "InvalidDiskId.NotFound");
    assert_eq!(code(&sandbox, "cbs", "DescribeDiskBackups", json!({"Limit": 101})), "InvalidParameter");
    let filter = json!({"Filters": [{"Name": "name", "Values": ["x"]}]});
    assert_eq!(code(&sandbox, "cbs", "DescribeDiskBackups", filter), "InvalidFilter");
    let long = json!({"DiskId": "disk-1000000b", "DiskBackupName": "x".repeat(101)});
    assert_eq!(code(&sandbox, "cbs", "CreateDiskBackup", long), "InvalidParameter");
}

#[test]
fn disks_are_found_by_tag() {
    let sandbox = sandbox(&[]);
    let filter = json!({"Filters": [{"Name": "tag:backup", "Values": ["daily"]}], "Limit": 100});
    assert_eq!(call(&sandbox, "cbs", "DescribeDisks", filter)["TotalCount"], 2);
    let tags = json!({"Tags": [{"TagKey": "backup", "TagValue": "daily"}]});
    assert_eq!(call(&sandbox, "cfs", "DescribeCfsFileSystems", tags)["TotalCount"], 2);
}

fn tcaplus_item(table: &str, name: &str) -> Value {
    let now = jiff::Timestamp::now().as_millisecond();
    let time = |ms| crate::sandbox::clock::plain_text(ms, 8);
    json!({"TableGroupId": "1", "TableName": table, "SnapshotName": name,
           "SnapshotTime": time(now - 60_000), "SnapshotDeadTime": time(now + 86_400_000)})
}

#[test]
fn a_tcaplus_batch_fails_item_by_item() {
    let sandbox = sandbox(&[("tcaplusdb.delete-ms", "0")]);
    let items = json!([
        tcaplus_item("tb_player", "s1"),
        tcaplus_item("tb_none", "s1"),
        tcaplus_item("tb_guild", "s1")
    ]);
    let body = json!({"ClusterId": CLUSTER, "SelectedTables": items});
    let answer = call(&sandbox, "tcaplusdb", "CreateSnapshots", body.clone());
    let codes: Vec<&str> = answer["TableResults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["Error"]["Code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["", "ResourceNotFound", ""]);
    assert_eq!(answer["TableResults"][0]["SnapshotStatus"], 0);
    let again = call(&sandbox, "tcaplusdb", "CreateSnapshots", body);
    assert_eq!(again["TableResults"][0]["Error"]["Code"], "InvalidParameterValue");
    let listed = call(&sandbox, "tcaplusdb", "DescribeSnapshots", json!({"ClusterId": CLUSTER}));
    assert_eq!(listed["TotalCount"], 2);
    sandbox.advance_ms(2_000).unwrap();
    let one =
        json!({"ClusterId": CLUSTER, "TableGroupId": "1", "TableName": "tb_player", "SnapshotName": "s1"});
    let listed = call(&sandbox, "tcaplusdb", "DescribeSnapshots", one.clone());
    assert_eq!(listed["TableResults"][0]["SnapshotStatus"], 1);
    sandbox.advance_ms(2 * 86_400_000).unwrap();
    let listed = call(&sandbox, "tcaplusdb", "DescribeSnapshots", one.clone());
    assert_eq!(listed["TableResults"][0]["SnapshotStatus"], 3);
    let item = json!({"TableGroupId": "1", "TableName": "tb_player", "SnapshotName": "s1"});
    let body = json!({"ClusterId": CLUSTER, "SelectedTables": [item]});
    let deleted = call(&sandbox, "tcaplusdb", "DeleteSnapshots", body.clone());
    assert_eq!(deleted["TableResults"][0]["Error"]["Code"], "");
    let deleted = call(&sandbox, "tcaplusdb", "DeleteSnapshots", body);
    assert_eq!(deleted["TableResults"][0]["Error"]["Code"], "ResourceNotFound");
    let unknown = json!({"ClusterId": "1", "SelectedTables": []});
    assert_eq!(code(&sandbox, "tcaplusdb", "DeleteSnapshots", unknown), "ResourceNotFound");
    let groups = call(&sandbox, "tcaplusdb", "DescribeTableGroups", json!({"ClusterId": CLUSTER}));
    assert_eq!(groups["TotalCount"], 2);
    let tables = json!({"ClusterId": CLUSTER, "Filters": [{"Name": "TableName", "Value": "tb_player"}]});
    assert_eq!(call(&sandbox, "tcaplusdb", "DescribeTables", tables)["TotalCount"], 2);
}

#[test]
fn tags_of_a_cfs_snapshot_go_through_the_tag_service() {
    let sandbox = sandbox(&[]);
    let id = create_cfs(&sandbox, "tagged");
    let resource = format!("qcs::cfs:ap-guangzhou:uin/:snap/{id}");
    let replace = json!([{"TagKey": "env", "TagValue": "dev"}]);
    let body = json!({"Resource": resource, "ReplaceTags": replace});
    assert_eq!(code(&sandbox, "tag", "ModifyResourceTags", body), "no error");
    let body = json!({"ServiceType": "cfs", "ResourcePrefix": "snap", "ResourceIds": [id],
                      "ResourceRegion": "ap-guangzhou", "Offset": 0, "Limit": 20});
    let tags = call(&sandbox, "tag", "DescribeResourceTagsByResourceIds", body);
    assert_eq!((tags["TotalCount"].as_i64(), tags["Tags"][0]["TagValue"].as_str()), (Some(1), Some("dev")));
    let empty = json!({"Resource": resource, "ReplaceTags": []});
    assert_eq!(code(&sandbox, "tag", "ModifyResourceTags", empty), "InvalidParameter.Tag");
    let bad = json!({"Resource": "cfs/snap", "ReplaceTags": replace});
    let answer = code(&sandbox, "tag", "ModifyResourceTags", bad);
    assert_eq!(answer, "InvalidParameterValue.ResourceDescriptionError");
}

#[test]
fn an_assumed_role_works_with_its_token_only() {
    let sandbox = sandbox(&[]);
    let role = json!({"RoleArn": "qcs::cam::uin/100000000001:roleName/backup", "RoleSessionName": "run-1"});
    let answer = call(&sandbox, "sts", "AssumeRole", role);
    let text = |name: &str| answer["Credentials"][name].as_str().unwrap().to_owned();
    let as_session = |token: &str| {
        let mut request = request("sts", "GetCallerIdentity", &json!({}));
        for (name, value) in &mut request.headers {
            if name == "authorization" {
                *value = value.replace(DEFAULT_TENCENT_SECRET_ID, &text("TmpSecretId"));
            }
        }
        let reply = sandbox.answer(&request.with_header("X-TC-Token", token));
        reply.response().unwrap().body_json()["Response"].clone()
    };
    assert_eq!(as_session(&text("Token"))["AccountId"], "100000000001");
    assert_eq!(as_session("")["Error"]["Code"], "AuthFailure.TokenFailure");
    sandbox.advance_ms(7_200_000).unwrap();
    assert_eq!(as_session(&text("Token"))["Error"]["Code"], "AuthFailure.TokenFailure");
}

#[test]
fn a_lost_answer_leaves_the_snapshot_behind_and_a_lost_request_does_not() {
    let sandbox = sandbox(&[]);
    sandbox.set_clock(crate::sandbox::clock::Clock::Standing { at_ms: 1_700_000_000_000 }).unwrap();
    let create = request("cfs", "CreateCfsSnapshot", &json!({"FileSystemId": "cfs-1000000a"}));
    let count = || call(&sandbox, "cfs", "DescribeCfsSnapshots", json!({}))["TotalCount"].as_i64();
    sandbox.arm(Fault::once(FaultKind::DropBefore).on("CreateCfsSnapshot")).unwrap();
    assert_eq!(sandbox.answer(&create).outcome, Outcome::Drop);
    assert_eq!(count(), Some(0));
    sandbox.arm(Fault::once(FaultKind::DropAfter).on("CreateCfsSnapshot")).unwrap();
    assert_eq!(sandbox.answer(&create).outcome, Outcome::Drop);
    assert_eq!(count(), Some(1));
    let late = Fault { seconds: Some(30), ..Fault::once(FaultKind::LateArrival) };
    sandbox.arm(late).unwrap();
    assert_eq!(sandbox.answer(&create).outcome, Outcome::Drop);
    assert_eq!(count(), Some(1));
    sandbox.advance_ms(30_000).unwrap();
    assert_eq!(count(), Some(2));
    sandbox.advance_ms(1).unwrap();
    sandbox.arm(Fault { calls: Some(1), ..Fault::once(FaultKind::ListLag) }).unwrap();
    create_cfs(&sandbox, "unseen");
    assert_eq!(count(), Some(2));
    assert_eq!(count(), Some(3));
}

#[test]
fn the_21st_create_of_a_second_is_throttled_and_not_executed() {
    let sandbox = sandbox(&[("limits", "on"), ("limits.clock", "sandbox")]);
    sandbox.set_clock(crate::sandbox::clock::Clock::Standing { at_ms: 1_700_000_000_000 }).unwrap();
    for _ in 0..20 {
        create_cfs(&sandbox, "x");
    }
    let body = json!({"FileSystemId": "cfs-1000000a"});
    assert_eq!(code(&sandbox, "cfs", "CreateCfsSnapshot", body), "RequestLimitExceeded");
    assert_eq!(call(&sandbox, "cfs", "DescribeCfsSnapshots", json!({}))["TotalCount"], 20);
    assert_eq!(sandbox.calls()["cfs:CreateCfsSnapshot"].throttled, 1);
}

#[test]
fn the_daily_point_replaces_that_of_the_day_before() {
    let sandbox = sandbox(&[("cbs.daily-points", "on"), ("cbs.create-ms", "0")]);
    sandbox.set_clock(crate::sandbox::clock::Clock::Standing { at_ms: 1_800_000_000_000 }).unwrap();
    let filter = json!({"Filters": [{"Name": "disk-id", "Values": ["disk-1000000b"]}]});
    let ids = || {
        let listed = call(&sandbox, "cbs", "DescribeDiskBackups", filter.clone());
        let points = listed["DiskBackupSet"].as_array().unwrap().clone();
        points.iter().map(|point| point["DiskBackupId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = ids();
    assert_eq!(first.len(), 1);
    let made = call(&sandbox, "cbs", "CreateDiskBackup", json!({"DiskId": "disk-1000000b"}));
    let own = made["DiskBackupId"].as_str().unwrap().to_owned();
    assert_eq!(ids().len(), 2);
    sandbox.advance_ms(86_400_000).unwrap();
    let next = ids();
    assert_eq!(next.len(), 2);
    assert!(next.contains(&own) && !next.contains(&first[0]));
}
