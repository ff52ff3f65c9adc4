//! `-generate-config-out`: resource blocks for imported objects, written before they are planned.

use std::path::Path;

use crate::lang::Phase;
use crate::plan::generate::{self, Answer, GeneratedBlock};
use crate::plan::{Observations, Options};

use super::super::Failure;
use super::{Operation, environment};

/// Refuses a file that exists: what people wrote is never touched.
///
/// # Errors
/// Something is there already.
pub fn refuse_existing(path: &str) -> Result<(), Failure> {
    if Path::new(path).symlink_metadata().is_err() {
        return Ok(());
    }
    Err(Failure::new(
        "Target generated file already exists",
        "Snapform can only write generated config into a new file. Either choose a different target location or move all existing configuration out of the target file, delete it and try again.",
    ))
}

/// Returns the name of the file in this plan: wherever it was written, its blocks belong to the root module. One that lies
/// elsewhere must not hide a file of the directory.
fn name_in_plan(path: &str) -> String {
    let path = Path::new(path);
    let is_here =
        path.parent().is_none_or(|folder| folder.as_os_str().is_empty() || folder == Path::new("."));
    let own = path.file_name().and_then(|name| name.to_str()).filter(|name| is_here && name.ends_with(".tf"));
    own.map(str::to_owned).unwrap_or_else(|| {
        let mut name = "generated_config.tf".to_owned();
        while Path::new(&name).exists() {
            name.insert_str(0, "another_");
        }
        name
    })
}

impl Operation<'_> {
    /// Writes the blocks of imported objects that nothing declares to a file, and goes on with them as a part of the directory.
    /// Returns what was read on the way, and whether there was anything to write.
    ///
    /// # Errors
    /// Objects that cannot be read, a file that cannot be written, and blocks that are no sound configuration.
    pub async fn generate_blocks(
        &mut self,
        path: &str,
        options: &mut Options,
    ) -> anyhow::Result<(Observations, bool)> {
        let mut observations = Observations::default();
        if generate::undeclared(&self.project.config).next().is_none() {
            return Ok((observations, false));
        }
        let blocks = self.blocks(&Options { generate: true, ..options.clone() }, &mut observations).await?;
        let text = generate::file_text(&blocks);
        std::fs::write(path, &text).map_err(|error| {
            Failure::new(
                "Failed to create target generated file",
                format!(
                    "Snapform could not create the generated file ({path}) in the target directory: {error}."
                ),
            )
        })?;
        options.generated = blocks.into_iter().map(|block| block.resource).collect();
        let name = name_in_plan(path);
        self.project = self.project.with_file(self.global, &name, &text)?;
        Ok((observations, true))
    }

    async fn blocks(
        &self,
        options: &Options,
        observations: &mut Observations,
    ) -> anyhow::Result<Vec<GeneratedBlock>> {
        let environment = environment(self.global, self.now, Phase::Plan);
        loop {
            let input = self.input(options, observations, &environment, &self.state);
            let reads = match generate::generate(&input) {
                Answer::NeedReads(reads) => reads,
                Answer::Blocks(blocks) => return Ok(blocks),
                Answer::Refused(found) => return Err(self.failure(found).into()),
            };
            self.connections.configure(&reads.providers);
            self.gather(&reads, observations).await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_elsewhere_gets_a_name_of_its_own() {
        assert_eq!(name_in_plan("imports.tf"), "imports.tf");
        assert_eq!(name_in_plan("./imports.tf"), "imports.tf");
        assert_eq!(name_in_plan("imports.txt"), "generated_config.tf");
        assert_eq!(name_in_plan("elsewhere/main.tf"), "generated_config.tf");
    }
}
