//! Plan files: what a plan follows from, so that apply comes to the very same plan.
//!
//! A plan is a pure function of its input. So the file keeps the input (configuration, variables, state, everything
//! that was read, the time and the seed) and a digest of the plan; reading the file plans again without any read, and
//! a plan that is not the one that was shown is refused. The file is text, and the whole of it is under a digest that
//! people can compare and approve. Values of ephemeral variables and of those that feed credentials are not in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::lang::Value;
use crate::lang::address::Address;
use crate::state::{ObjectKey, ResourceKey, Target as StateTarget};

use super::Plan;
use super::observed::{Condition, ObjectName, Observations, Observed};
use super::options::{Options, PlanMode, Target};
use super::saved_value::{from_json, to_json};

/// The number of the layout.
pub const PLAN_FORMAT: u64 = 1;

/// The largest plan file that is read, in bytes.
pub const MAX_BYTES: u64 = 2 << 30;

/// The word by which a plan file is recognised.
const KIND: &str = "snapform plan";

/// Why a plan file cannot be used.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum PlanFileError {
    /// It is no plan file at all.
    #[error("it is not a plan file of snapform")]
    NotAPlan,
    /// It was written in another format.
    #[error("it has format {0}, and this program reads format {PLAN_FORMAT}")]
    Format(u64),
    /// It is not what was written.
    #[error("its content does not match its digest: it was changed or cut short")]
    Damaged,
    /// Something in it makes no sense.
    #[error("its part {0} cannot be read")]
    Part(&'static str),
}

/// Everything that a plan follows from, as it is saved.
#[derive(Clone, Debug)]
pub struct Saved {
    /// When the plan was made.
    pub made_at: jiff::Timestamp,
    /// Where the markers of creates come from.
    pub seed: uuid::Uuid,
    /// The name of the workspace.
    pub workspace: String,
    /// Whether the plan is for the embedded sandbox.
    pub sandbox: bool,
    /// The text that people review, line by line.
    pub text: String,
    /// What was asked for.
    pub options: Options,
    /// The values of the root module's variables; those that are not saved are named in `withheld`.
    pub variables: BTreeMap<Arc<str>, Value>,
    /// Variables whose values have to be given again.
    pub withheld: Vec<Arc<str>>,
    /// The files of the configuration: paths and texts.
    pub sources: Vec<(String, String)>,
    /// The ranges of bytes that were cut out of files, since they hold credentials.
    pub cuts: Vec<(String, Vec<(usize, usize)>)>,
    /// Which state it was planned on.
    pub basis: Basis,
    /// The state that was planned on.
    pub state: String,
    /// The digest of the state that was planned on.
    pub state_digest: String,
    /// What was read.
    pub observations: Observations,
    /// The digest of the plan.
    pub plan_digest: String,
}

/// Which state a plan was made on. A plan is for one state, and for one moment in its life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The place of the state, without secrets; empty in plans of programs that did not note it.
    pub place: String,
    /// The lineage; empty where there was no state.
    pub lineage: String,
    /// The serial.
    pub serial: u64,
}

impl Saved {
    /// Returns the lineage of the state that this plan is carried out on. One that was made without a state fixes the lineage
    /// that its first write gives, so that the same plan cannot begin two states that do not know each other.
    pub fn lineage(&self) -> String {
        if !self.basis.lineage.is_empty() {
            return self.basis.lineage.clone();
        }
        uuid::Uuid::new_v5(&self.seed, b"lineage").to_string()
    }
}

#[derive(Serialize, Deserialize)]
struct File {
    kind: String,
    format: u64,
    digest: String,
    body: Box<serde_json::value::RawValue>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    made_at: String,
    workspace: String,
    sandbox: bool,
    plan: Vec<String>,
    plan_digest: String,
    seed: String,
    options: BodyOptions,
    variables: BTreeMap<String, Json>,
    withheld: Vec<String>,
    sources: Vec<(String, String)>,
    /// Absent where nothing was cut out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cuts: Vec<(String, Vec<(usize, usize)>)>,
    /// Absent in plans of programs that did not note it.
    #[serde(default)]
    basis: Basis,
    state: String,
    state_digest: String,
    objects: Vec<BodyObject>,
    data: Vec<BodyData>,
}

#[derive(Serialize, Deserialize)]
struct BodyOptions {
    mode: String,
    refresh: bool,
    targets: Vec<String>,
    excludes: Vec<String>,
    replace: Vec<String>,
    imports: Vec<(String, String)>,
    /// Absent in plans that hold none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    generated: Vec<String>,
    accept_gone: bool,
}

#[derive(Serialize, Deserialize)]
struct BodyObject {
    address: String,
    deposed: Option<String>,
    found: String,
    id: Option<String>,
    note: Option<String>,
    value: Option<Json>,
}

#[derive(Serialize, Deserialize)]
struct BodyData {
    address: String,
    config: Json,
    value: Option<Json>,
    failure: Option<String>,
}

/// Returns the digest of a plan: of every change, its reason and its place in the order.
pub fn plan_digest(plan: &Plan) -> String {
    let text = format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        plan.mode, plan.changes, plan.drift, plan.outputs, plan.steps
    );
    hex(digest(&SHA256, text.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Saved {
    /// Returns the bytes of the file and the digest of the whole.
    ///
    /// # Errors
    /// Something cannot be written as JSON, which would be a mistake of ours.
    pub fn to_bytes(&self) -> Result<(Vec<u8>, String), serde_json::Error> {
        let body = serde_json::value::to_raw_value(&self.body())?;
        let digest = hex(digest(&SHA256, body.get().as_bytes()).as_ref());
        let file = File { kind: KIND.to_owned(), format: PLAN_FORMAT, digest: digest.clone(), body };
        let mut bytes = serde_json::to_vec_pretty(&file)?;
        bytes.push(b'\n');
        Ok((bytes, digest))
    }

    /// Tells whether bytes are those of a plan file, without reading all of it.
    pub fn is_plan(bytes: &[u8]) -> bool {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
        start.trim_start().starts_with('{') && start.contains(&format!("\"kind\": \"{KIND}\""))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It is no plan file, of another format, or damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, PlanFileError> {
        let file: File = serde_json::from_slice(bytes).map_err(|_| {
            if Self::is_plan(bytes) { PlanFileError::Damaged } else { PlanFileError::NotAPlan }
        })?;
        if file.kind != KIND {
            return Err(PlanFileError::NotAPlan);
        }
        if file.format != PLAN_FORMAT {
            return Err(PlanFileError::Format(file.format));
        }
        if hex(digest(&SHA256, file.body.get().as_bytes()).as_ref()) != file.digest {
            return Err(PlanFileError::Damaged);
        }
        let body: Body = serde_json::from_str(file.body.get()).map_err(|_| PlanFileError::Part("body"))?;
        Self::of_body(body)
    }

    fn body(&self) -> Body {
        let mut objects: Vec<BodyObject> =
            self.observations.objects.iter().map(|(name, found)| object(name, found)).collect();
        objects.sort_by(|a, b| (&a.address, &a.deposed).cmp(&(&b.address, &b.deposed)));
        let mut data: Vec<BodyData> = self
            .observations
            .data
            .iter()
            .map(|(address, (config, answer))| BodyData {
                address: address.to_string(),
                config: to_json(config),
                value: answer.as_ref().ok().map(to_json),
                failure: answer.as_ref().err().cloned(),
            })
            .collect();
        data.sort_by(|a, b| a.address.cmp(&b.address));
        let options = &self.options;
        Body {
            made_at: self.made_at.to_string(),
            workspace: self.workspace.clone(),
            sandbox: self.sandbox,
            plan: self.text.lines().map(str::to_owned).collect(),
            plan_digest: self.plan_digest.clone(),
            seed: self.seed.to_string(),
            options: BodyOptions {
                mode: match options.mode {
                    PlanMode::Normal => "normal",
                    PlanMode::Destroy => "destroy",
                    PlanMode::RefreshOnly => "refresh-only",
                }
                .to_owned(),
                refresh: options.refresh,
                targets: options.targets.iter().map(ToString::to_string).collect(),
                excludes: options.excludes.iter().map(ToString::to_string).collect(),
                replace: options.replace.iter().map(ToString::to_string).collect(),
                imports: options
                    .imports
                    .iter()
                    .map(|(address, id)| (address.to_string(), id.to_string()))
                    .collect(),
                generated: options.generated.iter().map(ToString::to_string).collect(),
                accept_gone: options.accept_gone,
            },
            variables: self
                .variables
                .iter()
                .map(|(name, value)| (name.to_string(), to_json(value)))
                .collect(),
            withheld: self.withheld.iter().map(ToString::to_string).collect(),
            sources: self.sources.clone(),
            cuts: self.cuts.clone(),
            basis: self.basis.clone(),
            state: self.state.clone(),
            state_digest: self.state_digest.clone(),
            objects,
            data,
        }
    }

    fn of_body(body: Body) -> Result<Self, PlanFileError> {
        let part = PlanFileError::Part;
        let mut observations = Observations::default();
        for object in &body.objects {
            let (name, found) = observed(object).ok_or(part("objects"))?;
            observations.objects.insert(name, found);
        }
        for data in &body.data {
            let address = address(&data.address).ok_or(part("data"))?;
            let config = from_json(&data.config).ok_or(part("data"))?;
            let answer = match (&data.value, &data.failure) {
                (Some(value), _) => Ok(from_json(value).ok_or(part("data"))?),
                (None, failure) => Err(failure.clone().unwrap_or_default()),
            };
            observations.data.insert(address, (config, answer));
        }
        let mut variables = BTreeMap::new();
        for (name, json) in &body.variables {
            variables.insert(name.as_str().into(), from_json(json).ok_or(part("variables"))?);
        }
        let targets =
            |texts: &[String]| -> Option<Vec<Target>> { texts.iter().map(|text| target(text)).collect() };
        let options = Options {
            mode: match body.options.mode.as_str() {
                "normal" => PlanMode::Normal,
                "destroy" => PlanMode::Destroy,
                "refresh-only" => PlanMode::RefreshOnly,
                _ => return Err(part("options")),
            },
            refresh: body.options.refresh,
            targets: targets(&body.options.targets).ok_or(part("options"))?,
            excludes: targets(&body.options.excludes).ok_or(part("options"))?,
            replace: body
                .options
                .replace
                .iter()
                .map(|text| address(text))
                .collect::<Option<_>>()
                .ok_or(part("options"))?,
            imports: body
                .options
                .imports
                .iter()
                .map(|(text, id)| Some((address(text)?, id.as_str().into())))
                .collect::<Option<_>>()
                .ok_or(part("options"))?,
            generate: false,
            generated: body
                .options
                .generated
                .iter()
                .map(|text| address(text).map(|address| address.resource))
                .collect::<Option<_>>()
                .ok_or(part("options"))?,
            accept_gone: body.options.accept_gone,
        };
        Ok(Self {
            made_at: body.made_at.parse().map_err(|_| part("made_at"))?,
            seed: body.seed.parse().map_err(|_| part("seed"))?,
            workspace: body.workspace,
            sandbox: body.sandbox,
            text: body.plan.join("\n") + "\n",
            options,
            variables,
            withheld: body.withheld.iter().map(|name| name.as_str().into()).collect(),
            sources: body.sources,
            cuts: body.cuts,
            basis: body.basis,
            state: body.state,
            state_digest: body.state_digest,
            observations,
            plan_digest: body.plan_digest,
        })
    }
}

fn object(name: &ObjectName, found: &Observed) -> BodyObject {
    let mut object = BodyObject {
        address: name.address.to_string(),
        deposed: name.deposed.as_deref().map(str::to_owned),
        found: String::new(),
        id: None,
        note: None,
        value: None,
    };
    match found {
        Observed::Absent => object.found = "absent".to_owned(),
        Observed::Unclear(why) => {
            object.found = "unclear".to_owned();
            object.note = Some(why.clone());
        }
        Observed::Unread(why) => {
            object.found = "unread".to_owned();
            object.note = Some(why.clone());
        }
        Observed::Present { id, value, condition } => {
            object.id = Some(id.to_string());
            object.value = Some(to_json(value));
            let (word, note) = match condition {
                Condition::Usable => ("usable", None),
                Condition::Pending => ("pending", None),
                Condition::Leaving => ("leaving", None),
                Condition::Failed(word) => ("failed", Some(word.clone())),
                Condition::Expired(date) => ("expired", date.clone()),
            };
            object.found = word.to_owned();
            object.note = note;
        }
    }
    object
}

fn observed(object: &BodyObject) -> Option<(ObjectName, Observed)> {
    let name =
        ObjectName { address: address(&object.address)?, deposed: object.deposed.as_deref().map(Arc::from) };
    let note = || object.note.clone();
    let condition = match object.found.as_str() {
        "absent" => return Some((name, Observed::Absent)),
        "unclear" => return Some((name, Observed::Unclear(note().unwrap_or_default()))),
        "unread" => return Some((name, Observed::Unread(note().unwrap_or_default()))),
        "usable" => Condition::Usable,
        "pending" => Condition::Pending,
        "leaving" => Condition::Leaving,
        "failed" => Condition::Failed(note().unwrap_or_default()),
        "expired" => Condition::Expired(note()),
        _ => return None,
    };
    let value = from_json(object.value.as_ref()?)?;
    Some((name, Observed::Present { id: object.id.as_deref()?.into(), value, condition }))
}

fn address(text: &str) -> Option<Address> {
    match StateTarget::parse(text)? {
        StateTarget::Resource(key, index) => {
            Some(ResourceKey::instance_address(&key, &ObjectKey::current(index)))
        }
        StateTarget::Module(_) => None,
    }
}

fn target(text: &str) -> Option<Target> {
    match StateTarget::parse(text)? {
        StateTarget::Module(module) => Some(Target::Module(module)),
        StateTarget::Resource(key, index) => {
            let address = key.resource_address();
            Some(Target::Resource(address.module, address.resource, index))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved() -> Saved {
        let name = ObjectName { address: address("alicloud_ecs_snapshot.a[\"k\"]").unwrap(), deposed: None };
        let mut observations = Observations::default();
        let found = Observed::Present {
            id: "s-1".into(),
            value: Value::object([("id", Value::from("s-1"))]),
            condition: Condition::Failed("failed".into()),
        };
        observations.objects.insert(name, found);
        let data = address("data.alicloud_ecs_disks.all").unwrap();
        observations.data.insert(data, (Value::object([("ids", Value::from(1))]), Err("denied".into())));
        Saved {
            made_at: "2026-11-22T20:00:00Z".parse().unwrap(),
            seed: uuid::Uuid::from_u128(7),
            workspace: "default".into(),
            sandbox: true,
            text: "one\ntwo\n".into(),
            options: Options {
                mode: PlanMode::Destroy,
                targets: vec![target("module.m").unwrap()],
                replace: vec![address("alicloud_ecs_snapshot.a[0]").unwrap()],
                ..Options::default()
            },
            variables: BTreeMap::from([("secret".into(), Value::from("x").sensitive())]),
            withheld: vec!["key".into()],
            sources: vec![("main.tf".into(), "# text\n".into())],
            cuts: Vec::new(),
            basis: Basis { place: "/s".into(), lineage: "l".into(), serial: 3 },
            state: "{}".into(),
            state_digest: "d".into(),
            observations,
            plan_digest: "p".into(),
        }
    }

    #[test]
    fn a_plan_file_reads_back_as_it_was_written() {
        let saved = saved();
        let (bytes, digest) = saved.to_bytes().unwrap();
        assert!(Saved::is_plan(&bytes));
        let again = Saved::read(&bytes).unwrap();
        assert_eq!(again.to_bytes().unwrap(), (bytes, digest));
        assert_eq!(again.observations.objects, saved.observations.objects);
        assert_eq!(again.observations.data, saved.observations.data);
        assert_eq!(again.options.targets, saved.options.targets);
        assert_eq!(again.variables, saved.variables);
    }

    #[test]
    fn a_changed_or_cut_file_is_refused() {
        let (bytes, _) = saved().to_bytes().unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let changed = text.replace("s-1", "s-2");
        assert_eq!(Saved::read(changed.as_bytes()).unwrap_err(), PlanFileError::Damaged);
        assert_eq!(Saved::read(&bytes[..bytes.len() / 2]).unwrap_err(), PlanFileError::Damaged);
        assert_eq!(Saved::read(b"PK\x03\x04").unwrap_err(), PlanFileError::NotAPlan);
        let other = text.replacen("\"format\": 1", "\"format\": 2", 1);
        assert_eq!(Saved::read(other.as_bytes()).unwrap_err(), PlanFileError::Format(2));
    }
}
