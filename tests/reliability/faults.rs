//! Every fault on every action of the five systems: the run ends by itself, the next plain apply reaches what is declared,
//! and nothing is made twice.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;
use snapform::sandbox::faults::{FAULT_KINDS, Fault, FaultKind};

use super::cloud::{Cloud, Moment, POINTS, action};
use super::systems::{Baseline, SYSTEMS, System};
use super::world::{Directory, Draw, Said, check};

/// One fault on the n-th call of one action.
#[derive(Debug, Clone, Copy)]
struct Cell {
    system: &'static System,
    service: &'static str,
    action: &'static str,
    kind: FaultKind,
    nth: u64,
}

impl Cell {
    fn name(&self) -> String {
        format!("{:?} at call {} of {} {}", self.kind, self.nth, self.service, self.action)
    }

    fn fault(&self) -> Fault {
        let mut fault = Fault { nth: Some(self.nth), ms: Some(300), ..Fault::once(self.kind) };
        fault.service = Some(self.service.to_owned());
        match self.kind {
            // In a whole world whose clock is wrong: the second time it is behind.
            FaultKind::ClockSkew => {
                Fault { seconds: Some(if self.nth == 1 { 1_200 } else { -1_200 }), ..fault }
            }
            // Those that know nothing of the first call know nothing of the next ones either.
            FaultKind::SwappedIds
            | FaultKind::SameId
            | FaultKind::NotFoundAsError
            | FaultKind::NotFoundAsEmpty
            | FaultKind::ForgottenClientToken => {
                Fault { nth: None, count: Some(1_000), ..fault }.on(self.action)
            }
            _ => fault.on(self.action),
        }
    }

    /// Makes something unknown at the worst moment: in a read what is remembered, otherwise what is about to be changed.
    fn lose(&self, cloud: &Arc<Cloud>) {
        if is_read(self.action) {
            for id in self.system.named(cloud, "lasting") {
                cloud.sandbox().delete(self.system.kind, &id).unwrap();
            }
            return;
        }
        let (weak, cell) = (Arc::downgrade(cloud), *self);
        cloud.watch(move |_, request, moment| {
            if moment == Moment::Arriving
                && action(request) == cell.action
                && let Some(cloud) = weak.upgrade()
            {
                let name = if cell.action.starts_with("Delete") { "old" } else { "kept" };
                let before = if cell.system.name == "cfs" && name == "kept" { "before" } else { name };
                for id in cell.system.named(&cloud, before) {
                    cloud.sandbox().delete(cell.system.kind, &id).unwrap();
                }
            }
            false
        });
    }

    /// Tells whether what is made is never ready. A backup point has no state that says that it failed.
    fn never_ends(&self) -> bool {
        self.kind == FaultKind::Stuck || (self.kind == FaultKind::CreateFailed && self.system.name == "cbs")
    }

    /// How many points may be made beyond what an undisturbed world needs: what fails or is lost, and is replaced, is no
    /// double.
    fn extra(&self) -> usize {
        match self.kind {
            FaultKind::CreateFailed => 2,
            FaultKind::NotFoundAsError | FaultKind::NotFoundAsEmpty => 2,
            _ => 0,
        }
    }
}

fn is_read(action: &str) -> bool {
    ["Describe", "Get"].iter().any(|verb| action.starts_with(verb))
}

/// Returns whether a fault means anything on an action.
fn fits(kind: FaultKind, system: &System, action: &str) -> bool {
    let creates = action.starts_with("Create");
    let of_points =
        action == "DescribeSnapshots" || action == "DescribeCfsSnapshots" || action == "DescribeDiskBackups";
    match kind {
        FaultKind::Stuck
        | FaultKind::CreateFailed
        | FaultKind::DefaultName
        | FaultKind::Quota
        | FaultKind::ForgottenClientToken => creates,
        FaultKind::ListLag => of_points,
        // The id of a table snapshot is made of its arguments, and no answer holds it.
        FaultKind::WrongId | FaultKind::SameId | FaultKind::SwappedIds | FaultKind::UnknownId => {
            creates && system.name != "tcaplusdb"
        }
        FaultKind::OtherParent => of_points && system.name != "tcaplusdb",
        FaultKind::UnreadableRead => is_read(action),
        FaultKind::NotFoundAsError | FaultKind::NotFoundAsEmpty => {
            of_points || (!creates && !is_read(action))
        }
        FaultKind::PartialBatch => system.name == "tcaplusdb" && !is_read(action),
        // It is the clock of a whole cloud.
        FaultKind::ClockSkew => creates,
        _ => true,
    }
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for system in &SYSTEMS {
        for (service, action, calls) in system.actions.iter().copied() {
            for kind in FAULT_KINDS.iter().copied().filter(|kind| fits(*kind, system, action)) {
                let often = [FaultKind::NotFoundAsError, FaultKind::NotFoundAsEmpty];
                let skewed = kind == FaultKind::ClockSkew;
                let last = if skewed { 2 } else { calls };
                for nth in 1..=if often.contains(&kind) { 1 } else { last } {
                    cells.push(Cell { system, service, action, kind, nth });
                }
            }
        }
    }
    cells
}

/// Returns so many of the cells, the same number of each system, drawn from a seed.
fn share(cells: Vec<Cell>, number: usize, seed: u64) -> Vec<Cell> {
    let mut draw = Draw(seed);
    let mut left: Vec<Vec<Cell>> = SYSTEMS
        .iter()
        .map(|system| cells.iter().filter(|cell| cell.system.name == system.name).copied().collect())
        .collect();
    let mut drawn = Vec::new();
    while drawn.len() < number && left.iter().any(|cells| !cells.is_empty()) {
        for cells in left.iter_mut().filter(|cells| !cells.is_empty()) {
            let at = draw.below(cells.len() as u64) as usize;
            drawn.push(cells.swap_remove(at));
        }
    }
    drawn
}

fn understandable(said: &Said, told: &str) {
    assert!(
        said.status.code().is_some() && !said.text.contains("panicked"),
        "{told}: it died\n{}",
        said.text
    );
    assert!(said.status.success() || said.text.contains("Error: "), "{told}: no message\n{}", said.text);
}

/// Applies under one fault, then once more without; returns whether the fault struck.
fn one(cell: Cell, baseline: &Baseline) -> bool {
    let told = cell.name();
    let stuck = cell.never_ends();
    let (cloud, directory, _world) = baseline.copy(&cell.system.after(stuck.then_some("3s")));
    let cloud = Arc::new(cloud);
    let unknown = [FaultKind::NotFoundAsError, FaultKind::NotFoundAsEmpty].contains(&cell.kind);
    if unknown {
        cell.lose(&cloud);
    }
    if cell.kind == FaultKind::ForgottenClientToken {
        let lost = Fault { nth: Some(cell.nth), ..Fault::once(FaultKind::DropAfter) };
        cloud.sandbox().arm(lost.on(cell.action)).unwrap();
    }
    let stranger = cell.system.stranger(&cloud);
    cloud.sandbox().arm(cell.fault()).unwrap();
    let hit = directory.apply(&cloud);
    understandable(&hit, &told);
    let struck = cell.kind == FaultKind::ClockSkew
        || cloud.sandbox().armed().iter().all(|fault| fault.kind != cell.kind || fault.happened > 0);
    cloud.sandbox().disarm_all().unwrap();
    cloud.unwatch();
    if stuck && struck {
        assert!(hit.text.contains("still pending"), "{told}\n{}", hit.text);
        heal(&cloud);
    }
    directory.configure(&cell.system.after(None));
    let next = directory.apply(&cloud);
    assert!(next.status.success(), "{told}\n{}\n--- then\n{}", hit.text, next.text);
    let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        check(&cloud, &directory.remembered(), cell.system.declared, &stranger);
    }));
    assert!(checked.is_ok(), "{told}\n{}\n--- then\n{}", hit.text, next.text);
    let (ever, most) = (cloud.ever(), cell.system.made + stranger.len() + cell.extra());
    assert!(
        ever.len() <= most,
        "{told}: {} were made\n{ever:?}\n{}\n--- then\n{}",
        ever.len(),
        hit.text,
        next.text
    );
    if cell.kind == FaultKind::DefaultName {
        nothing_to_do(&directory, &cloud, &told);
    }
    struck
}

/// What was stuck is ready at last.
fn heal(cloud: &Cloud) {
    let world = cloud.sandbox().world().to_json().unwrap();
    for (kind, id, _) in POINTS {
        for object in world[kind].as_array().into_iter().flatten() {
            let id = object[id].as_str().unwrap();
            cloud.sandbox().change(kind, id, &json!({"life": {"stuck": false, "fails": false}})).unwrap();
        }
    }
}

fn nothing_to_do(directory: &Directory, cloud: &Cloud, told: &str) {
    let plan = directory.run(cloud, &["plan", "-no-color", "-detailed-exitcode"]);
    assert_eq!(plan.status.code(), Some(0), "{told}\n{}", plan.text);
}

#[test]
fn after_any_fault_of_any_action_the_next_apply_reaches_what_is_declared() {
    // Each machine can choose its own share; the whole takes a quarter of an hour.
    let chosen = std::env::var("SNAPFORM_FAULTS").ok();
    let seed = std::env::var("SNAPFORM_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let all = cells();
    let whole = all.len();
    let cells = match chosen.as_deref() {
        Some("all") => all,
        Some(text) if text.parse::<usize>().is_err() => {
            all.into_iter().filter(|cell| cell.name().contains(text)).collect()
        }
        chosen => share(all, chosen.and_then(|text| text.parse().ok()).unwrap_or(30), seed),
    };
    let baselines: Vec<Baseline> = std::thread::scope(|threads| {
        let made: Vec<_> =
            SYSTEMS.iter().map(|system| threads.spawn(|| Baseline::of(&system.before()))).collect();
        made.into_iter().map(|made| made.join().unwrap()).collect()
    });
    let (next, struck) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failures = Mutex::new(Vec::new());
    let unstruck = Mutex::new(BTreeSet::new());
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                while let Some(cell) = cells.get(next.fetch_add(1, Ordering::SeqCst)).copied() {
                    let place = SYSTEMS.iter().position(|system| system.name == cell.system.name).unwrap();
                    let begun = std::time::Instant::now();
                    println!("{} begins", cell.name());
                    let ended = std::panic::catch_unwind(|| one(cell, &baselines[place]));
                    println!("{} took {:.1} s", cell.name(), begun.elapsed().as_secs_f64());
                    match ended {
                        Ok(true) => drop(struck.fetch_add(1, Ordering::SeqCst)),
                        Ok(false) => drop(unstruck.lock().unwrap().insert(cell.name())),
                        Err(_) => failures.lock().unwrap().push(cell.name()),
                    }
                }
            });
        }
    });
    println!(
        "{} of {whole} cells; {} faults struck; none lost or doubled anything but {:?}\nwithout such a call: {:?}",
        cells.len(),
        struck.load(Ordering::SeqCst),
        failures.lock().unwrap(),
        unstruck.lock().unwrap()
    );
    assert!(failures.lock().unwrap().is_empty());
}
