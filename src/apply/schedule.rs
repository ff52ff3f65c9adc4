//! Which step may start next: in-degrees and a heap of ready steps, longest way to the end first.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use crate::plan::Step;

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Not started.
    Waiting,
    /// Taken from the heap.
    Taken,
    /// Ended well.
    Done,
    /// Ended badly; the steps after it are not started.
    Failed,
    /// Its object is still in the making, as `-no-wait` asked; the steps after it are not started.
    Left,
}

/// The steps of a plan, as far as their order goes.
#[derive(Debug)]
pub(crate) struct Schedule {
    after: Vec<Vec<usize>>,
    before: Vec<Vec<u32>>,
    missing: Vec<u32>,
    stages: Vec<Stage>,
    ready: BinaryHeap<(u32, Reverse<usize>)>,
    length: Vec<u32>,
}

impl Schedule {
    /// Returns a schedule of steps, with further orderings: the first of a pair waits for the second.
    ///
    /// A further ordering that would make a circle is left out.
    pub fn new(steps: &[Step], further: &[(usize, usize)]) -> Self {
        let mut after: Vec<Vec<usize>> = steps.iter().map(|step| step.after.clone()).collect();
        for (later, earlier) in further {
            if !reaches(&after, *earlier, *later) && !after[*later].contains(earlier) {
                after[*later].push(*earlier);
            }
        }
        let mut before: Vec<Vec<u32>> = vec![Vec::new(); after.len()];
        for (at, waits) in after.iter().enumerate() {
            waits.iter().for_each(|first| before[*first].push(at as u32));
        }
        let missing: Vec<u32> = after.iter().map(|waits| waits.len() as u32).collect();
        let mut schedule = Self {
            length: lengths(&before, &missing),
            stages: vec![Stage::Waiting; after.len()],
            ready: BinaryHeap::new(),
            after,
            before,
            missing,
        };
        for at in 0..schedule.missing.len() {
            if schedule.missing[at] == 0 {
                schedule.ready.push((schedule.length[at], Reverse(at)));
            }
        }
        schedule
    }

    /// Takes the next step that may start.
    pub fn take(&mut self) -> Option<usize> {
        let (_, Reverse(step)) = self.ready.pop()?;
        self.stages[step] = Stage::Taken;
        Some(step)
    }

    /// Notes that a step has ended.
    pub fn end(&mut self, step: usize, stage: Stage) {
        self.stages[step] = stage;
        if stage != Stage::Done {
            return;
        }
        for next in self.before[step].clone() {
            let next = next as usize;
            self.missing[next] -= 1;
            if self.missing[next] == 0 {
                self.ready.push((self.length[next], Reverse(next)));
            }
        }
    }

    /// Puts a step back that was taken, because it will not be started after all.
    pub fn put_back(&mut self, step: usize) {
        self.stages[step] = Stage::Waiting;
    }

    /// Returns how a step stands.
    pub fn stage(&self, step: usize) -> Stage {
        self.stages[step]
    }

    /// Returns, for each step that was not started, the steps before it that failed or were left.
    pub fn unstarted(&self) -> Vec<(usize, BTreeSet<usize>)> {
        let mut causes: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.after.len()];
        let mut found = Vec::new();
        for at in self.topological() {
            if self.stages[at] != Stage::Waiting {
                continue;
            }
            let mut own = BTreeSet::new();
            for first in &self.after[at] {
                match self.stages[*first] {
                    Stage::Failed | Stage::Left => {
                        own.insert(*first);
                    }
                    _ => own.extend(causes[*first].iter().copied()),
                }
            }
            causes[at] = own.clone();
            found.push((at, own));
        }
        found.sort_by_key(|(at, _)| *at);
        found
    }

    fn topological(&self) -> Vec<usize> {
        let mut missing: Vec<usize> = self.after.iter().map(Vec::len).collect();
        let mut order: Vec<usize> = (0..missing.len()).filter(|at| missing[*at] == 0).collect();
        let mut next = 0;
        while next < order.len() {
            for later in &self.before[order[next]] {
                missing[*later as usize] -= 1;
                if missing[*later as usize] == 0 {
                    order.push(*later as usize);
                }
            }
            next += 1;
        }
        order
    }
}

/// Tells whether `from` waits for `to`, directly or through others.
fn reaches(after: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        open.extend(after[at].iter().copied().filter(|next| seen.insert(*next)));
    }
    false
}

/// Returns the number of steps on the longest way from each step to the end.
fn lengths(before: &[Vec<u32>], missing: &[u32]) -> Vec<u32> {
    let mut open = missing.to_vec();
    let mut order: Vec<usize> = (0..open.len()).filter(|at| open[*at] == 0).collect();
    let mut next = 0;
    while next < order.len() {
        for later in &before[order[next]] {
            open[*later as usize] -= 1;
            if open[*later as usize] == 0 {
                order.push(*later as usize);
            }
        }
        next += 1;
    }
    let mut length = vec![1u32; before.len()];
    for at in order.into_iter().rev() {
        let longest = before[at].iter().map(|later| length[*later as usize]).max().unwrap_or(0);
        length[at] = longest + 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::StepAction;

    fn steps(after: &[&[usize]]) -> Vec<Step> {
        let step = |after: &&[usize]| Step { action: StepAction::Read { change: 0 }, after: after.to_vec() };
        after.iter().map(step).collect()
    }

    #[test]
    fn the_longest_way_starts_first_and_ties_go_by_number() {
        let mut schedule = Schedule::new(&steps(&[&[], &[], &[1], &[]]), &[]);
        assert_eq!([schedule.take(), schedule.take(), schedule.take()], [Some(1), Some(0), Some(3)]);
        assert_eq!(schedule.take(), None);
        schedule.end(1, Stage::Done);
        assert_eq!(schedule.take(), Some(2));
    }

    #[test]
    fn a_failure_stops_its_descendants_only_and_is_named_as_the_cause() {
        let mut schedule = Schedule::new(&steps(&[&[], &[0], &[1], &[], &[2, 3]]), &[]);
        assert_eq!(schedule.take(), Some(0));
        assert_eq!(schedule.take(), Some(3));
        schedule.end(0, Stage::Failed);
        schedule.end(3, Stage::Done);
        assert_eq!(schedule.take(), None);
        let cause = || BTreeSet::from([0]);
        assert_eq!(schedule.unstarted(), [(1, cause()), (2, cause()), (4, cause())]);
    }

    #[test]
    fn a_further_ordering_that_makes_a_circle_is_left_out() {
        let mut schedule = Schedule::new(&steps(&[&[], &[0]]), &[(0, 1)]);
        assert_eq!(schedule.take(), Some(0));
        let mut schedule = Schedule::new(&steps(&[&[], &[]]), &[(0, 1)]);
        assert_eq!(schedule.take(), Some(1));
        assert_eq!(schedule.take(), None);
        assert_eq!(schedule.stage(1), Stage::Taken);
    }
}
