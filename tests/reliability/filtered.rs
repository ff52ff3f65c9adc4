//! Credentials that may read only some of what there is: lists that are shorter than the truth, with and without a hint.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use snapform::sandbox::http::{Request, Response};

use super::cloud::{Cloud, Moment, action};
use super::gone::{POINTS, SYSTEMS, config};
use super::promises::die_in;
use super::systems::Baseline;
use super::world::{Directory, Said};

/// What a filter hides, and what it gives away.
#[derive(Debug, Clone, Copy)]
struct Filter {
    /// So many points.
    points: usize,
    /// The disks and desktops too.
    parents: bool,
    /// Numbers that count what is hidden are left as they are.
    counts: bool,
    /// The list of tags is left as it is, and the points have tags.
    tags: bool,
}

/// When the filter is lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lifted {
    /// After the state forgot what was hidden, and before anything was made.
    Refreshed,
    /// Between the plan that makes it again and its apply.
    Planned,
    /// After it was made again.
    Applied,
}

/// Takes out what is hidden wherever it is listed.
fn filter(request: &Request, response: &mut Response, hidden: &[String], filter: Filter) {
    let action = action(request);
    if action == "ListTagResources" && filter.tags {
        return;
    }
    let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) else { return };
    let removed = take_out(&mut body, &|item: &Value| {
        let is = |name: &str| item[name].as_str().is_some_and(|id| hidden.iter().any(|each| each == id));
        let parent = filter.parents && ["DescribeDisks", "DescribeDesktops"].contains(&action.as_str());
        parent || ["SnapshotId", "DiskBackupId", "SnapshotName", "ResourceId"].into_iter().any(is)
    });
    if !filter.counts {
        count_less(&mut body, removed);
    }
    response.body = body.to_string().into_bytes();
}

fn take_out(value: &mut Value, hidden: &dyn Fn(&Value) -> bool) -> u64 {
    match value {
        Value::Array(items) => {
            let before = items.len();
            items.retain(|item| !item.is_object() || !hidden(item));
            (before - items.len()) as u64
        }
        Value::Object(members) => members.values_mut().map(|member| take_out(member, hidden)).sum(),
        _ => 0,
    }
}

fn count_less(value: &mut Value, less: u64) {
    let Some(members) = value.as_object_mut() else { return };
    for (name, member) in members {
        match (name.as_str(), member.as_u64()) {
            ("TotalCount", Some(total)) => *member = json!(total.saturating_sub(less)),
            _ => count_less(member, less),
        }
    }
}

/// A directory whose world is filtered.
struct Filtered {
    cloud: Cloud,
    directory: Directory,
    before: Vec<String>,
    _world: tempfile::TempDir,
}

impl Filtered {
    fn new(baseline: &Baseline, block: &str, what: Filter) -> Self {
        let (cloud, directory, world) = baseline.copy(&config(block));
        let before = directory.remembered();
        let last = |id: &String| id.rsplit(':').next().unwrap().to_owned();
        let hidden: Vec<String> = before.iter().take(what.points).map(last).collect();
        cloud.answer_with(move |request, response| filter(request, response, &hidden, what));
        Self { cloud, directory, before, _world: world }
    }

    fn run(&self, arguments: &[&str]) -> Said {
        self.directory.run(&self.cloud, arguments)
    }

    fn made(&self) -> usize {
        self.cloud.ever().into_iter().filter(|point| point.name.starts_with("nightly")).count()
    }

    /// What is there is what was there, and the state knows all of it.
    fn is_as_before(&self, told: &str) {
        assert_eq!(self.directory.remembered(), self.before, "{told}");
        let living: Vec<String> = self.cloud.living().into_iter().collect();
        assert_eq!(living, self.before, "{told}");
        let said = self.run(&["plan", "-no-color", "-detailed-exitcode"]);
        assert_eq!(said.status.code(), Some(0), "{told}\n{}", said.text);
        assert!(!said.text.contains("is there again"), "{told}\n{}", said.text);
    }
}

const REFRESH: [&str; 4] = ["apply", "-refresh-only", "-auto-approve", "-no-color"];
const APPLY: [&str; 3] = ["apply", "-auto-approve", "-no-color"];

/// Something gives the filter away: nothing is concluded.
fn refused(baseline: &Baseline, block: &str, what: Filter) {
    let world = Filtered::new(baseline, block, what);
    for arguments in [&REFRESH[..], &APPLY] {
        let said = world.run(arguments);
        let told = format!("{what:?}: {arguments:?}\n{}", said.text);
        assert_eq!(said.status.code(), Some(1), "{told}");
        assert!(said.text.contains("Error: "), "{told}");
        assert_eq!(world.directory.remembered(), world.before, "{told}");
        assert_eq!(world.made(), POINTS, "{told}");
    }
    world.cloud.answer_honestly();
    world.is_as_before(&format!("{what:?}"));
}

/// Nothing gives the filter away: what was hidden comes back as soon as it is shown.
fn returned(baseline: &Baseline, kind: &str, block: &str, what: Filter, when: Lifted) {
    let world = Filtered::new(baseline, block, what);
    let told = format!("{what:?} of {kind}, lifted {when:?}");
    let under = match when {
        Lifted::Refreshed => &REFRESH[..],
        Lifted::Planned => &["plan", "-out=plan", "-no-color"],
        Lifted::Applied => &APPLY,
    };
    let said = world.run(under);
    // A name that is taken is taken, whether it is shown or not.
    let taken = kind == "tcaplus-snapshot" && when == Lifted::Applied;
    assert_eq!(said.status.success(), !taken, "{told}\n{}", said.text);
    let left = match when {
        Lifted::Refreshed => POINTS - what.points,
        Lifted::Applied if taken => POINTS - what.points,
        _ => POINTS,
    };
    assert_eq!(world.directory.remembered().len(), left, "{told}\n{}", said.text);
    world.cloud.answer_honestly();
    if when == Lifted::Planned {
        let said = world.run(&["apply", "-no-color", "plan"]);
        assert_eq!(said.status.code(), Some(1), "{told}\n{}", said.text);
        assert!(said.text.contains("Recovery point is there again"), "{told}\n{}", said.text);
    }
    let made = if when == Lifted::Applied && !taken { POINTS + what.points } else { POINTS };
    assert_eq!(world.made(), made, "{told}");
    let said = world.run(&APPLY);
    assert!(said.status.success(), "{told}\n{}", said.text);
    assert!(said.text.contains("Recovery point is there again"), "{told}\n{}", said.text);
    assert_eq!(world.made(), made, "{told}\n{}", said.text);
    world.is_as_before(&told);
}

#[test]
fn what_a_filter_hides_is_neither_lost_nor_doubled() {
    let tagged = |block: &str| format!("{block}  tags = {{ nightly = \"yes\" }}\n");
    let mut blocks: Vec<(&str, String)> =
        SYSTEMS.iter().map(|(kind, block)| (*kind, (*block).to_owned())).collect();
    blocks.push(("ecs-snapshot tagged", tagged(SYSTEMS[0].1)));
    let baselines: Vec<Baseline> = std::thread::scope(|threads| {
        let made: Vec<_> =
            blocks.iter().map(|(_, block)| threads.spawn(|| Baseline::of(&config(block)))).collect();
        made.into_iter().map(|made| made.join().unwrap()).collect()
    });
    let hide = |points, parents, counts, tags| Filter { points, parents, counts, tags };
    let mut cells: Vec<(usize, Filter, Option<Lifted>)> = Vec::new();
    for (points, lifted) in [(1, &[Lifted::Refreshed][..]), (4, &[Lifted::Planned, Lifted::Applied])] {
        // ECS counts by page number, and knows the disk and the tags.
        cells.push((0, hide(points, false, true, false), None));
        cells.push((0, hide(points, true, false, false), None));
        cells.push((5, hide(points, false, false, true), None));
        // ECD knows the desktop.
        cells.push((1, hide(points, true, false, false), None));
        for system in 0..SYSTEMS.len() {
            if system > 1 {
                cells.push((system, hide(points, false, true, false), None));
            }
            for when in lifted.iter().copied() {
                cells.push((system, hide(points, false, false, false), Some(when)));
            }
        }
    }
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                while let Some((system, what, when)) = cells.get(next.fetch_add(1, Ordering::SeqCst)).copied()
                {
                    let (kind, block) = &blocks[system];
                    let baseline = &baselines[system];
                    let ended = std::panic::catch_unwind(|| match when {
                        None => refused(baseline, block, what),
                        Some(when) => returned(baseline, kind, block, what, when),
                    });
                    if ended.is_err() {
                        failures.lock().unwrap().push((*kind, what, when));
                    }
                }
            });
        }
    });
    println!("{} filters, something lost or doubled under {:?}", cells.len(), failures.lock().unwrap());
    assert!(failures.lock().unwrap().is_empty());
}

#[test]
fn a_point_whose_delete_was_never_sent_is_not_forgotten_because_it_is_hidden() {
    let block = SYSTEMS[1].1;
    let baseline = Baseline::of(&config(block));
    let what = Filter { points: 1, parents: false, counts: false, tags: false };
    let mut world = Filtered::new(&baseline, block, what);
    world.cloud.answer_honestly();
    let kept = format!(
        "{}\n",
        config(block).replace(&format!("count = {POINTS}"), &format!("count = {}", POINTS - 1))
    );
    world.directory.configure(&kept);
    die_in("Delete", &world.cloud, &world.directory, Moment::Lost);
    let intent = &world.directory.intents(&world.cloud)[0];
    let last = world.before.iter().find(|id| intent["parameters"]["id"] == id.as_str());
    let last = last.expect("the object of the delete").clone();
    let hidden = vec![last.clone()];
    world.cloud.answer_with(move |request, response| filter(request, response, &hidden, what));
    let said = world.run(&APPLY);
    assert!(said.status.success(), "{}", said.text);
    assert!(!world.directory.remembered().contains(&last), "{}", said.text);
    world.cloud.answer_honestly();
    let said = world.run(&APPLY);
    assert!(said.status.success(), "{}", said.text);
    world.before.retain(|id| *id != last);
    world.is_as_before(&said.text);
}

#[test]
fn a_snapshot_that_went_with_its_disk_is_gone_once_the_user_says_so() {
    let block = SYSTEMS[0].1;
    let baseline = Baseline::of(&config(block));
    let (cloud, directory, _world) = baseline.copy(&config(block));
    let id = directory.remembered()[0].clone();
    cloud.sandbox().delete("ecs-snapshot", &id).unwrap();
    cloud.sandbox().delete("ecs-disk", "d-bp10000000000000000a").unwrap();
    let said = directory.run(&cloud, &REFRESH);
    assert_eq!(said.status.code(), Some(1), "{}", said.text);
    assert!(said.text.contains("-accept-gone"), "{}", said.text);
    let said = directory.run(&cloud, &[&REFRESH[..], &["-accept-gone"]].concat());
    assert!(said.status.success(), "{}", said.text);
    assert_eq!(directory.remembered().len(), POINTS - 1);
    let state = std::fs::read_to_string(directory.state_file()).unwrap();
    assert!(!state.contains("\"missed\""), "{state}");
}
