//! Our clients against the served sandbox: the life of an object of each of the five systems, data sources, and what the clients
//! make of every kind of failure. No account, no fixed port, no waiting: the sandbox has a clock that the tests move.

#![allow(clippy::unwrap_used)] // helpers outside #[test] functions fail the test just the same

use std::sync::{Arc, Mutex};

use snapform::cloud::call::{Shared, SystemClock};
use snapform::cloud::credentials::Credentials;
use snapform::cloud::event::{CallEvent, CallListener};
use snapform::cloud::limits::Limits;
use snapform::cloud::settings::{Environment, SandboxAccess, Settings};
use snapform::cloud::transport::{HttpExchange, TimeLimits};
use snapform::cloud::{Clouds, CreateRequest, ErrorClass, Known, Life, Object, Observed, Reader, Writer};
use snapform::lang::address::{ModulePath, ProviderAddress};
use snapform::lang::{Kind, Type, Value};
use snapform::sandbox::faults::{Fault, FaultKind};
use snapform::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_ALIBABA_ACCOUNT,
    DEFAULT_ALIBABA_REGION, DEFAULT_TENCENT_ACCOUNT, DEFAULT_TENCENT_SECRET_ID, DEFAULT_TENCENT_SECRET_KEY,
    Options, Sandbox, Server,
};
use snapform::schema::{ProviderKind, ResourceType, types};

const CLUSTER: &str = "19162256624";

#[derive(Default)]
struct Heard(Mutex<Vec<CallEvent>>);

impl CallListener for Heard {
    fn attempted(&self, event: &CallEvent) {
        self.0.lock().unwrap().push(event.clone());
    }
}

/// A served sandbox and clients of both clouds, in the default regions.
struct World {
    sandbox: Sandbox,
    _server: Server,
    clouds: Clouds,
    heard: Arc<Heard>,
}

fn address(kind: ProviderKind) -> ProviderAddress {
    let source = match kind {
        ProviderKind::Alicloud => "registry.terraform.io/aliyun/alicloud",
        ProviderKind::Tencentcloud => "registry.terraform.io/tencentcloudstack/tencentcloud",
        ProviderKind::Terraform => "terraform.io/builtin/terraform",
    };
    ProviderAddress { module: ModulePath::root(), source: source.into(), alias: None }
}

fn strings(pairs: &[(&str, &str)]) -> Value {
    Value::object(pairs.iter().map(|(name, text)| (*name, Value::string(text))))
}

fn tags(pairs: &[(&str, &str)]) -> Value {
    let members = pairs.iter().map(|(key, text)| ((*key).into(), Value::string(text))).collect();
    Kind::Map(Type::String, Arc::new(members)).into()
}

impl World {
    async fn with(options: Options, environment: Environment) -> World {
        let sandbox = Sandbox::open(None, options).unwrap();
        let server = Server::bind("127.0.0.1:0".parse().unwrap(), sandbox.clone()).await.unwrap();
        let environment = environment.with("SNAPFORM_ENDPOINT", &format!("http://{}", server.address()));
        let heard = Arc::new(Heard::default());
        let shared = Shared {
            exchange: Arc::new(HttpExchange::new(TimeLimits::default())),
            limits: Arc::new(Limits::new()),
            listener: heard.clone(),
            clock: Arc::new(SystemClock),
        };
        let clouds = Clouds::new(shared, Settings { environment, sandbox: None });
        for (kind, region) in
            [(ProviderKind::Alicloud, "cn-hangzhou"), (ProviderKind::Tencentcloud, "ap-guangzhou")]
        {
            clouds.configure(&address(kind), kind, &strings(&[("region", region)])).unwrap();
        }
        World { sandbox, _server: server, clouds, heard }
    }

    async fn new() -> World {
        World::with(Options::default(), keys()).await
    }

    /// Lets every object that is in the making get ready.
    fn later(&self) {
        self.sandbox.advance_ms(5_000).unwrap();
    }

    async fn create(&self, name: &str, planned: &Value) -> Known {
        let ty = resource(name);
        let request = CreateRequest { planned: planned.clone(), marker: "marker-0001".into() };
        let answers = self.clouds.create(&address(ty.provider), ty, &[request]).await;
        let accepted = answers.into_iter().next().unwrap().unwrap_or_else(|error| panic!("{error}"));
        assert!(!accepted.request_id.is_empty());
        Known { id: accepted.id, value: planned.clone(), alone: false }
    }

    async fn observe(&self, name: &str, known: &Known) -> Observed {
        let ty = resource(name);
        let found = self.clouds.observe(&address(ty.provider), ty, std::slice::from_ref(known)).await;
        found.into_iter().next().unwrap()
    }

    async fn object(&self, name: &str, known: &Known) -> Object {
        match self.observe(name, known).await {
            Observed::Present(object) => *object,
            other => panic!("{name} {}: {other:?}", known.id),
        }
    }

    /// Creates an object and looks at it before and after it is ready.
    async fn created(&self, name: &str, planned: &Value) -> Object {
        let known = self.create(name, planned).await;
        let young = self.object(name, &known).await;
        assert!(matches!(young.life, Life::Pending(_)), "{name}: {:?}", young.life);
        self.later();
        let ready = self.object(name, &known).await;
        assert_eq!(ready.life, Life::Usable, "{name}");
        assert_eq!(ready.value.type_of(), resource(name).object_type(), "{name}");
        assert!(ready.value.is_wholly_known(), "{name}");
        assert!(ready.created_at.is_some(), "{name}");
        ready
    }

    async fn update(&self, name: &str, prior: &Object, changes: &[(&str, Value)]) -> Object {
        let mut members = prior.value.members().unwrap().clone();
        members.extend(changes.iter().map(|(attribute, value)| ((*attribute).into(), value.clone())));
        let planned: Value = Kind::Object(Arc::new(members)).into();
        let ty = resource(name);
        let provider = address(ty.provider);
        self.clouds
            .update(&provider, ty, &prior.value, &planned)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let now = self.object(name, &Known { id: prior.id.clone(), value: planned, alone: false }).await;
        for (attribute, value) in changes {
            assert_eq!(now.value.get(attribute), Some(value), "{name}.{attribute}");
        }
        now
    }

    /// Deletes an object, twice: the second time it is gone already.
    async fn delete(&self, name: &str, object: &Object) {
        let ty = resource(name);
        for _ in 0..2 {
            self.clouds
                .delete(&address(ty.provider), ty, &object.value)
                .await
                .unwrap_or_else(|error| panic!("{error}"));
            self.later();
        }
        let known = Known { id: object.id.clone(), value: object.value.clone(), alone: false };
        assert!(matches!(self.observe(name, &known).await, Observed::Absent), "{name}");
    }

    async fn data(&self, name: &str, config: &Value) -> Value {
        let ty = types::data_source(name).unwrap();
        let read = self.clouds.read_data(&address(ty.provider), ty, config).await;
        let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.type_of(), ty.object_type(), "{name}");
        read
    }

    /// Returns how many calls of an action the sandbox saw.
    fn calls(&self, service: &str, action: &str) -> u64 {
        let counts = self.sandbox.calls();
        counts
            .iter()
            .filter(|(key, _)| key.contains(service) && key.contains(action))
            .map(|(_, count)| count.total)
            .sum()
    }
}

fn keys() -> Environment {
    Environment::of([
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ALIBABA_ACCESS_KEY_ID),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ALIBABA_ACCESS_KEY_SECRET),
        ("TENCENTCLOUD_SECRET_ID", DEFAULT_TENCENT_SECRET_ID),
        ("TENCENTCLOUD_SECRET_KEY", DEFAULT_TENCENT_SECRET_KEY),
    ])
}

fn resource(name: &str) -> &'static ResourceType {
    types::resource(name).unwrap()
}

fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("{name} of {object:?}"))
}

fn items<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::elements).unwrap()
}

fn planned(base: &[(&str, &str)], more: &[(&str, Value)]) -> Value {
    let mut members = strings(base).members().unwrap().clone();
    members.extend(more.iter().map(|(name, value)| ((*name).into(), value.clone())));
    Kind::Object(Arc::new(members)).into()
}

fn ecs(name: &str) -> Value {
    planned(
        &[("disk_id", "d-bp10000000000000000b"), ("snapshot_name", name)],
        &[("tags", tags(&[("env", "prod")]))],
    )
}

fn cbs(name: &str) -> Value {
    strings(&[("disk_id", "disk-1000000b"), ("disk_backup_name", name)])
}

fn cfs(name: &str) -> Value {
    strings(&[("file_system_id", "cfs-1000000a"), ("snapshot_name", name)])
}

fn ecd(name: &str) -> Value {
    strings(&[
        ("desktop_id", "ecd-1000000000000000a"),
        ("snapshot_name", name),
        ("source_disk_type", "SYSTEM"),
    ])
}

fn tcaplus(name: &str) -> Value {
    strings(&[
        ("cluster_id", CLUSTER),
        ("table_group_id", "1"),
        ("table_name", "tb_player"),
        ("snapshot_name", name),
    ])
}

#[tokio::test]
async fn the_account_and_region_of_both_clouds_are_known() {
    let world = World::new().await;
    let place = world.clouds.place(&address(ProviderKind::Alicloud)).await.unwrap();
    assert_eq!((&*place.account, &*place.region), (DEFAULT_ALIBABA_ACCOUNT, "cn-hangzhou"));
    let place = world.clouds.place(&address(ProviderKind::Tencentcloud)).await.unwrap();
    assert_eq!((&*place.account, &*place.region), (DEFAULT_TENCENT_ACCOUNT, "ap-guangzhou"));
}

#[tokio::test]
async fn an_ecs_snapshot_lives_from_create_to_delete() {
    let world = World::new().await;
    let name = "alicloud_ecs_snapshot";
    let object = world.created(name, &ecs("nightly")).await;
    assert_eq!(text(&object.value, "status"), "accomplished");
    assert_eq!(text(&object.value, "category"), "standard");
    assert_eq!(text(&object.value, "name"), "nightly");
    assert_eq!(text(&object.value, "region_id"), "cn-hangzhou");
    assert_eq!(object.value.get("description"), Some(&Value::string("")));
    assert!(object.value.get("resource_group_id").unwrap().is_null());
    let changes = [
        ("snapshot_name", Value::string("weekly")),
        ("name", Value::string("weekly")),
        ("description", Value::string("kept longer")),
        ("retention_days", Value::from(30)),
        ("tags", tags(&[("team", "db"), ("env", "test")])),
    ];
    let object = world.update(name, &object, &changes).await;
    let object = world.update(name, &object, &[("tags", tags(&[]))]).await;
    let object =
        world.update(name, &object, &[("resource_group_id", Value::string("rg-acfm00000000001"))]).await;
    world.delete(name, &object).await;
}

#[tokio::test]
async fn an_ecd_snapshot_lives_from_create_to_delete() {
    let world = World::new().await;
    let name = "alicloud_ecd_snapshot";
    let object = world.created(name, &ecd("before-update")).await;
    assert_eq!(text(&object.value, "status"), "ACCOMPLISHED");
    assert_eq!(text(&object.value, "source_disk_type"), "SYSTEM");
    world.delete(name, &object).await;
}

#[tokio::test]
async fn a_cfs_snapshot_lives_from_create_to_delete() {
    let world = World::new().await;
    let name = "tencentcloud_cfs_snapshot";
    let base = [("file_system_id", "cfs-1000000a"), ("snapshot_name", "nightly_1")];
    let object =
        world.created(name, &planned(&base, &[("tags", tags(&[("env", "prod"), ("a", "b")]))])).await;
    assert_eq!(text(&object.value, "status"), "available");
    assert_eq!(object.value.get("alive_days").and_then(Value::as_i64), Some(0));
    let changes =
        [("snapshot_name", Value::string("nightly_2")), ("tags", tags(&[("env", "test"), ("c", "d")]))];
    let object = world.update(name, &object, &changes).await;
    world.delete(name, &object).await;
}

#[tokio::test]
async fn a_cbs_backup_point_lives_from_create_to_delete() {
    let world = World::new().await;
    let name = "tencentcloud_cbs_disk_backup";
    let object = world.created(name, &cbs("before upgrade")).await;
    assert_eq!(text(&object.value, "status"), "NORMAL");
    assert_eq!(object.value.get("disk_size").and_then(Value::as_i64), Some(200));
    world.delete(name, &object).await;
}

#[tokio::test]
async fn a_tcaplus_snapshot_lives_from_create_to_delete() {
    let world = World::new().await;
    let name = "tencentcloud_tcaplus_snapshot";
    let object = world.created(name, &tcaplus("before_event")).await;
    assert_eq!(&*object.id, format!("{CLUSTER}:1:tb_player:before_event"));
    assert_eq!(text(&object.value, "status"), "normal");
    let end = Value::string("2036-01-02 03:04:05");
    let object = world.update(name, &object, &[("snapshot_dead_time", end)]).await;
    world.delete(name, &object).await;
}

#[tokio::test]
async fn a_default_name_that_the_service_fills_in_is_no_drift() {
    let options = Options::default().with("cbs.default-name", "filled").unwrap();
    let world = World::with(options.with("cfs.default-name", "filled").unwrap(), keys()).await;
    let null = ("disk_backup_name", Value::null(Type::String));
    let object = world
        .created("tencentcloud_cbs_disk_backup", &planned(&[("disk_id", "disk-1000000c")], &[null]))
        .await;
    assert_eq!(object.value.get("disk_backup_name"), Some(&Value::string("")));
    let null = ("snapshot_name", Value::null(Type::String));
    let object = world
        .created("tencentcloud_cfs_snapshot", &planned(&[("file_system_id", "cfs-1000000b")], &[null]))
        .await;
    assert_eq!(object.value.get("snapshot_name"), Some(&Value::string("")));
}

#[tokio::test]
async fn creates_of_one_cluster_go_out_together_and_fail_one_by_one() {
    let world = World::new().await;
    let ty = resource("tencentcloud_tcaplus_snapshot");
    let mut requests: Vec<CreateRequest> =
        ["a", "b", "c"].map(|name| CreateRequest { planned: tcaplus(name), marker: "m".into() }).into();
    requests[1].planned = strings(&[
        ("cluster_id", CLUSTER),
        ("table_group_id", "1"),
        ("table_name", "tb_unknown"),
        ("snapshot_name", "b"),
    ]);
    let keys: Vec<_> = requests.iter().map(|request| world.clouds.batch_key(ty, &request.planned)).collect();
    assert!(keys.iter().all(|key| key.as_deref() == Some(CLUSTER)));
    let answers = world.clouds.create(&address(ty.provider), ty, &requests).await;
    assert!(answers[0].is_ok() && answers[2].is_ok(), "{answers:?}");
    assert_eq!(answers[1].as_ref().unwrap_err().class, ErrorClass::Missing);
    assert_eq!(world.calls("tcaplusdb", "CreateSnapshots"), 1);
    let found = world.clouds.on_parent(&address(ty.provider), ty, &tcaplus("a")).await.unwrap();
    assert_eq!(found.len(), 2);
}

#[tokio::test]
async fn objects_are_read_by_the_hundred() {
    let world = World::with(Options::default().with("limits", "off").unwrap(), keys()).await;
    for (name, action, make) in
        [("alicloud_ecs_snapshot", "ecs", None), ("tencentcloud_cbs_disk_backup", "cbs", Some(()))]
    {
        let ty = resource(name);
        let known: Vec<Known> = (0..250)
            .map(|number| Known {
                id: format!("s-{number:020}").into(),
                value: Value::object::<Arc<str>>([]),
                alone: false,
            })
            .collect();
        let found = world.clouds.observe(&address(ty.provider), ty, &known).await;
        assert_eq!(found.len(), 250);
        assert!(found.iter().all(|each| matches!(each, Observed::Absent)));
        let describe = if make.is_some() { "DescribeDiskBackups" } else { "DescribeSnapshots" };
        assert_eq!(world.calls(action, describe), 3, "{name}");
    }
}

#[tokio::test]
async fn snapshots_without_a_list_of_ids_are_read_by_parent() {
    let world = World::new().await;
    for (name, first, second, service, describe) in [
        ("tencentcloud_cfs_snapshot", cfs("a"), cfs("b"), "cfs", "DescribeCfsSnapshots"),
        ("alicloud_ecd_snapshot", ecd("aa"), ecd("bb"), "ecd", "DescribeSnapshots"),
    ] {
        let one = world.create(name, &first).await;
        world.later();
        let two = world.create(name, &second).await;
        world.later();
        world.sandbox.reset_calls();
        let ty = resource(name);
        let found = world.clouds.observe(&address(ty.provider), ty, &[two.clone(), one.clone()]).await;
        let ids: Vec<_> = found
            .iter()
            .map(|each| match each {
                Observed::Present(object) => object.id.clone(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(ids, [two.id, one.id], "{name}");
        assert_eq!(world.calls(service, describe), 1, "{name}");
    }
}

#[tokio::test]
async fn an_object_is_imported_by_its_id_alone() {
    let world = World::new().await;
    for (name, plan) in [
        ("alicloud_ecs_snapshot", ecs("imported")),
        ("alicloud_ecd_snapshot", ecd("imported")),
        ("tencentcloud_cfs_snapshot", cfs("imported")),
        ("tencentcloud_cbs_disk_backup", cbs("imported")),
        ("tencentcloud_tcaplus_snapshot", tcaplus("imported")),
    ] {
        let known = world.create(name, &plan).await;
        world.later();
        let object = world
            .object(name, &Known { id: known.id, value: Value::object::<Arc<str>>([]), alone: false })
            .await;
        for (attribute, value) in plan.members().unwrap() {
            assert_eq!(object.value.get(attribute), Some(value), "{name}.{attribute}");
        }
        let found =
            world.clouds.on_parent(&address(resource(name).provider), resource(name), &plan).await.unwrap();
        assert_eq!(found.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn data_sources_find_the_parents() {
    let world = World::new().await;
    let tagged = planned(&[], &[("tags", tags(&[("backup", "daily")]))]);
    let disks = world.data("alicloud_ecs_disks", &tagged).await;
    assert_eq!(items(&disks, "ids").len(), 3);
    assert_eq!(items(&disks, "disks").len(), 3);
    let named = world.data("alicloud_ecs_disks", &strings(&[("name_regex", "^db-")])).await;
    assert_eq!(items(&named, "names").len(), 2);
    let desktops = world.data("alicloud_ecd_desktops", &strings(&[("status", "Running")])).await;
    assert_eq!(items(&desktops, "desktops").len(), 1);
    let storages = world.data("tencentcloud_cbs_storages", &strings(&[("storage_usage", "DATA_DISK")])).await;
    assert_eq!(items(&storages, "storage_list").len(), 3);
    let systems = world.data("tencentcloud_cfs_file_systems", &strings(&[("name", "uploads")])).await;
    assert_eq!(text(&items(&systems, "file_system_list")[0], "file_system_id"), "cfs-1000000b");
    assert_eq!(text(&items(&systems, "file_system_list")[0], "mount_ip"), "10.0.0.10");
    let clusters = world.data("tencentcloud_tcaplus_clusters", &strings(&[("cluster_name", "game")])).await;
    assert_eq!(text(&items(&clusters, "list")[0], "cluster_id"), CLUSTER);
    let groups = world.data("tencentcloud_tcaplus_tablegroups", &strings(&[("cluster_id", CLUSTER)])).await;
    assert_eq!(items(&groups, "list").len(), 2);
    let group = format!("{CLUSTER}:2");
    let of_group = strings(&[("cluster_id", CLUSTER), ("tablegroup_id", &group)]);
    let tables = world.data("tencentcloud_tcaplus_tables", &of_group).await;
    assert_eq!(items(&tables, "list").len(), 2);
    assert_eq!(text(&items(&tables, "list")[0], "tablegroup_id"), group);
}

#[tokio::test]
async fn data_sources_find_the_snapshots() {
    let world = World::new().await;
    world.create("alicloud_ecs_snapshot", &ecs("listed")).await;
    world.create("alicloud_ecd_snapshot", &ecd("listed")).await;
    world.create("tencentcloud_cfs_snapshot", &cfs("listed")).await;
    world.create("tencentcloud_cbs_disk_backup", &cbs("listed")).await;
    world.create("tencentcloud_tcaplus_snapshot", &tcaplus("listed")).await;
    world.later();
    for (name, config, list) in [
        ("alicloud_ecs_snapshots", strings(&[("snapshot_name", "listed")]), "snapshots"),
        ("alicloud_snapshots", strings(&[("status", "accomplished")]), "snapshots"),
        ("alicloud_ecd_snapshots", strings(&[("name_regex", "list")]), "snapshots"),
        ("tencentcloud_cfs_snapshots", strings(&[("file_system_id", "cfs-1000000a")]), "snapshot_list"),
        ("tencentcloud_cbs_disk_backups", strings(&[("disk_backup_name", "listed")]), "disk_backup_list"),
        ("tencentcloud_tcaplus_snapshots", strings(&[("cluster_id", CLUSTER)]), "snapshot_list"),
    ] {
        assert_eq!(items(&world.data(name, &config).await, list).len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_result_is_written_where_the_user_wants_it() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disks.json");
    let config = strings(&[("output_file", path.to_str().unwrap()), ("disk_name", "db-data")]);
    world.data("alicloud_ecs_disks", &config).await;
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.starts_with("[\n\t{\n\t\t\"attached_time\""), "{written}");
    let read: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(read[0]["tags"]["backup"], "daily");
}

/// Every way in which an answer can be lost, on a create of each system: the create goes out once.
#[tokio::test]
async fn a_create_is_never_sent_twice_when_its_outcome_is_unknown() {
    for kind in [
        FaultKind::ServerErrorJson,
        FaultKind::ServerErrorHtml,
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::TruncatedBody,
    ] {
        let world = World::new().await;
        for (name, plan, action) in [
            ("alicloud_ecs_snapshot", ecs("once"), "CreateSnapshot"),
            ("alicloud_ecd_snapshot", ecd("once"), "CreateSnapshot"),
            ("tencentcloud_cfs_snapshot", cfs("once"), "CreateCfsSnapshot"),
            ("tencentcloud_cbs_disk_backup", cbs("once"), "CreateDiskBackup"),
            ("tencentcloud_tcaplus_snapshot", tcaplus("once"), "CreateSnapshots"),
        ] {
            world.sandbox.arm(Fault::once(kind).on(action)).unwrap();
            let ty = resource(name);
            let request = CreateRequest { planned: plan, marker: "m".into() };
            let answers =
                world.clouds.create(&address(ty.provider), ty, std::slice::from_ref(&request)).await;
            let error = answers.into_iter().next().unwrap().unwrap_err();
            assert_eq!(error.class, ErrorClass::Ambiguous, "{kind:?} {name}: {error}");
            assert!(!error.certainly_not_executed());
            let sent = world.heard.0.lock().unwrap().iter().filter(|event| event.action == action).count();
            assert_eq!(sent, 1, "{kind:?} {name}");
            world.heard.0.lock().unwrap().clear();
        }
    }
}

#[tokio::test]
async fn reads_and_deletes_are_sent_again() {
    let world = World::new().await;
    let name = "tencentcloud_cbs_disk_backup";
    let object = world.created(name, &cbs("again")).await;
    for kind in [FaultKind::ServerErrorHtml, FaultKind::DropAfter, FaultKind::Throttled] {
        world.sandbox.arm(Fault::once(kind).on("DescribeDiskBackups")).unwrap();
        world.object(name, &Known { id: object.id.clone(), value: object.value.clone(), alone: false }).await;
    }
    world.sandbox.arm(Fault::once(FaultKind::DropAfter).on("DeleteDiskBackups")).unwrap();
    world.delete(name, &object).await;
}

#[tokio::test]
async fn a_throttled_create_is_sent_again() {
    let world = World::new().await;
    for (name, plan, action) in [
        ("alicloud_ecs_snapshot", ecs("slow-down"), "CreateSnapshot"),
        ("tencentcloud_cbs_disk_backup", cbs("slow-down"), "CreateDiskBackup"),
    ] {
        world.sandbox.arm(Fault::once(FaultKind::Throttled).on(action)).unwrap();
        world.create(name, &plan).await;
    }
    let heard = world.heard.0.lock().unwrap();
    let throttled = heard.iter().filter(|event| {
        event.failure.as_ref().is_some_and(|failure| failure.class == ErrorClass::Throttled) && event.retried
    });
    assert_eq!(throttled.count(), 2);
    assert!(heard.iter().all(|event| event.request_id.is_some()));
}

#[tokio::test]
async fn a_failed_read_is_never_an_absence() {
    let world = World::new().await;
    let object = world.created("alicloud_ecs_snapshot", &ecs("kept")).await;
    let known = Known { id: object.id.clone(), value: object.value.clone(), alone: false };
    // More of them than a read is repeated.
    let mut fault = Fault::once(FaultKind::ServerErrorHtml).on("DescribeSnapshots");
    fault.count = Some(100);
    world.sandbox.arm(fault).unwrap();
    assert!(matches!(world.observe("alicloud_ecs_snapshot", &known).await, Observed::Unread(_)));
}

#[tokio::test]
async fn both_readings_of_an_unknown_cfs_snapshot_mean_absent() {
    for reading in ["empty", "error"] {
        let options = Options::default().with("cfs.describe-unknown", reading).unwrap();
        let world = World::with(options, keys()).await;
        let known =
            Known { id: "snapcfs-00000000".into(), value: Value::object::<Arc<str>>([]), alone: false };
        let found = world.observe("tencentcloud_cfs_snapshot", &known).await;
        assert!(matches!(found, Observed::Absent), "{reading}: {found:?}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_denied_with_a_remedy_and_without_the_secret() {
    let wrong = keys()
        .with("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong-secret-1")
        .with("TENCENTCLOUD_SECRET_KEY", "wrong-secret-2");
    let world = World::with(Options::default(), wrong).await;
    for kind in [ProviderKind::Alicloud, ProviderKind::Tencentcloud] {
        let error = world.clouds.place(&address(kind)).await.unwrap_err();
        assert_eq!(error.class, ErrorClass::Denied, "{error}");
        assert!(error.remedy.is_some() && error.request_id.is_some(), "{error}");
        assert!(!format!("{error:?}").contains("wrong-secret"), "{error:?}");
    }
    let unknown = keys().with("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIunknown");
    let world = World::with(Options::default(), unknown).await;
    let known = Known { id: "s-1".into(), value: Value::object::<Arc<str>>([]), alone: false };
    // The vendor answers an unknown key with status 404, which is no absence.
    let found = world.observe("alicloud_ecs_snapshot", &known).await;
    assert!(matches!(&found, Observed::Unread(error) if error.class == ErrorClass::Denied), "{found:?}");
}

#[tokio::test]
async fn a_wrong_clock_is_put_right_by_the_servers_date() {
    let world = World::new().await;
    let mut skew = Fault::once(FaultKind::ClockSkew);
    skew.seconds = Some(7200);
    world.sandbox.arm(skew).unwrap();
    for kind in [ProviderKind::Alicloud, ProviderKind::Tencentcloud] {
        let answer = world.clouds.place(&address(kind)).await;
        assert!(answer.is_ok(), "{answer:?}");
    }
}

#[tokio::test]
async fn an_endpoint_that_refuses_connections_is_named_with_a_remedy() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let world = World::new().await;
    let provider = address(ProviderKind::Tencentcloud);
    let settings = Settings { environment: keys().with("SNAPFORM_ENDPOINT", &endpoint), sandbox: None };
    let shared = Shared {
        exchange: Arc::new(HttpExchange::new(TimeLimits::default())),
        limits: Arc::new(Limits::new()),
        listener: world.heard.clone(),
        clock: Arc::new(SystemClock),
    };
    let clouds = Clouds::new(shared, settings);
    clouds.configure(&provider, ProviderKind::Tencentcloud, &strings(&[])).unwrap();
    let error = clouds.place(&provider).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Unreached);
    assert!(error.to_string().contains(&endpoint) && error.to_string().contains("refused"), "{error}");
    assert!(error.remedy.is_some());
}

#[tokio::test]
async fn the_sandbox_never_sees_real_keys_and_missing_ones_are_explained() {
    let world = World::new().await;
    let provider = address(ProviderKind::Alicloud);
    let shared = || Shared {
        exchange: Arc::new(HttpExchange::new(TimeLimits::default())),
        limits: Arc::new(Limits::new()),
        listener: world.heard.clone(),
        clock: Arc::new(SystemClock),
    };
    let access = SandboxAccess {
        endpoint: format!("http://{}", world._server.address()),
        alibaba: Credentials::new(DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, None),
        alibaba_region: DEFAULT_ALIBABA_REGION.to_owned(),
        tencent: Credentials::new(DEFAULT_TENCENT_SECRET_ID, DEFAULT_TENCENT_SECRET_KEY, None),
    };
    let real = strings(&[("access_key", "LTAIreal"), ("secret_key", "real"), ("region", "cn-shanghai")]);
    let clouds =
        Clouds::new(shared(), Settings { environment: Environment::default(), sandbox: Some(access) });
    clouds.configure(&provider, ProviderKind::Alicloud, &real).unwrap();
    let place = clouds.place(&provider).await.unwrap();
    assert_eq!((&*place.account, &*place.region), (DEFAULT_ALIBABA_ACCOUNT, "cn-shanghai"));
    let found = clouds
        .read_data(&provider, types::data_source("alicloud_ecs_disks").unwrap(), &strings(&[]))
        .await
        .unwrap();
    assert_eq!(items(&found, "ids").len(), 2);
    let home = tempfile::tempdir().unwrap();
    let environment = Environment::of([("HOME", home.path().to_str().unwrap())]);
    let clouds = Clouds::new(shared(), Settings { environment, sandbox: None });
    for (kind, variable) in [
        (ProviderKind::Alicloud, "ALIBABA_CLOUD_ACCESS_KEY_ID"),
        (ProviderKind::Tencentcloud, "TENCENTCLOUD_SECRET_ID"),
    ] {
        let error = clouds.configure(&address(kind), kind, &strings(&[])).unwrap_err();
        assert!(error.remedy.unwrap().contains(variable));
    }
}

#[tokio::test]
async fn what_stands_on_many_parents_is_found_in_few_calls() {
    let world = World::new().await;
    let name = "tencentcloud_tcaplus_snapshot";
    let other = strings(&[
        ("cluster_id", CLUSTER),
        ("table_group_id", "2"),
        ("table_name", "tb_guild"),
        ("snapshot_name", "x"),
    ]);
    let unrelated = strings(&[
        ("cluster_id", CLUSTER),
        ("table_group_id", "1"),
        ("table_name", "tb_guild"),
        ("snapshot_name", "x"),
    ]);
    for plan in [&tcaplus("x"), &other, &unrelated] {
        world.create(name, plan).await;
    }
    world.sandbox.reset_calls();
    let ty = resource(name);
    let plans = [tcaplus("x"), tcaplus("y"), other];
    let found = world.clouds.on_parents(&address(ty.provider), ty, &plans).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(world.calls("tcaplusdb", "DescribeSnapshots"), 1);
    for (name, mine, parent, others, service, describe) in [
        (
            "alicloud_ecs_snapshot",
            ecs("mine"),
            "disk_id",
            ["d-bp10000000000000000a", "d-bp10000000000000000c"],
            "ecs",
            "DescribeSnapshots",
        ),
        (
            "alicloud_ecd_snapshot",
            ecd("mine"),
            "desktop_id",
            ["ecd-1000000000000000b", "ecd-x"],
            "ecd",
            "DescribeSnapshots",
        ),
        (
            "tencentcloud_cfs_snapshot",
            cfs("mine"),
            "file_system_id",
            ["cfs-1000000b", "cfs-1000000c"],
            "cfs",
            "DescribeCfsSnapshots",
        ),
        (
            "tencentcloud_cbs_disk_backup",
            cbs("mine"),
            "disk_id",
            ["disk-1000000c", "disk-1000000d"],
            "cbs",
            "DescribeDiskBackups",
        ),
    ] {
        let known = world.create(name, &mine).await;
        let ty = resource(name);
        let other = |id: &str| planned(&[], &[(parent, Value::string(id))]);
        let apart = world.clouds.on_parents(&address(ty.provider), ty, &others.map(other)).await.unwrap();
        assert!(apart.is_empty(), "{name}: {apart:?}");
        assert_eq!(world.calls(service, describe), 1, "{name}");
        let plans = [mine.clone(), mine, other(others[0])];
        let found = world.clouds.on_parents(&address(ty.provider), ty, &plans).await.unwrap();
        assert_eq!(found.iter().map(|object| &object.id).collect::<Vec<_>>(), [&known.id], "{name}");
        assert_eq!(world.calls(service, describe), 2, "{name}");
    }
}

#[tokio::test]
async fn twenty_calls_a_second_are_never_exceeded_and_never_throttled() {
    let world = World::new().await;
    let ty = resource("tencentcloud_cbs_disk_backup");
    let provider = address(ty.provider);
    let known: Vec<Known> = (0..4_500)
        .map(|number| Known {
            id: format!("dbp-{number:08}").into(),
            value: Value::object::<Arc<str>>([]),
            alone: false,
        })
        .collect();
    world.clouds.observe(&provider, ty, &known).await;
    let counts = world.sandbox.calls();
    let (_, count) = counts.iter().find(|(key, _)| key.contains("DescribeDiskBackups")).unwrap();
    assert_eq!((count.total, count.throttled), (45, 0));
    assert!(count.busiest_second <= 20, "{}", count.busiest_second);
}
