//! The planner's evaluator as the executor asks for it.

use crate::diagnostic::Diagnostics;
use crate::lang::Value;
use crate::plan::resolve;

use super::resolve::{Companion, Conclusion, OutputValue, Prepared, Resolve};

pub use crate::plan::resolve::Resolver;

impl Resolve for Resolver<'_> {
    fn prepare(&mut self, step: usize) -> Result<Prepared, Diagnostics> {
        let resolved = Resolver::prepare(self, step)?;
        let companion = || {
            let (dependencies, create_before_destroy) = self.companion(step);
            Companion { dependencies, create_before_destroy }
        };
        Ok(match resolved {
            resolve::Resolved::Object(planned) => Prepared::Object { planned, companion: companion() },
            resolve::Resolved::Query(config) => Prepared::Query { config, companion: companion() },
            resolve::Resolved::Provider(provider, config) => Prepared::Provider { provider, config },
            resolve::Resolved::Evaluated => Prepared::Evaluated,
        })
    }

    fn record(&mut self, step: usize, outcome: Option<&Value>) -> Result<Diagnostics, Diagnostics> {
        Resolver::record(self, step, outcome)
    }

    fn conclude(&mut self) -> Conclusion {
        let found = Resolver::conclude(self);
        let outputs = found.outputs.into_iter();
        Conclusion {
            outputs: outputs
                .map(|(name, (value, sensitive))| (name, OutputValue { value, sensitive }))
                .collect(),
            unknown: found.unknown,
            checks: found.checks,
            diagnostics: found.found,
        }
    }
}
