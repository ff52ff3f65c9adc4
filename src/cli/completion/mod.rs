//! `completion`: scripts for shells, and the manual page; both from the definition of the command line.
//!
//! The scripts know nothing but how to ask: `snapform __complete WORDS…` answers with what may follow (`candidates`), so
//! that flags, addresses and workspaces are those of the program and the directory at hand.

mod candidates;
mod manual;

use std::process::ExitCode;

use super::arguments::maintain::{CompleteArguments, CompletionArguments};
use super::{Global, output};

const BASH: &str = r#"# bash completion for snapform: source <(snapform completion bash)
_snapform() {
  local line=${COMP_LINE:0:COMP_POINT} word words=()
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  word=${words[${#words[@]}-1]}
  COMPREPLY=()
  local candidate skip=
  # Readline replaces what stands behind the last "=" or ":" alone.
  case ${COMP_WORDBREAKS} in *=*) [[ $word == *=* ]] && skip="${word%"${word##*=}"}" ;; esac
  while IFS= read -r candidate; do
    case $candidate in
      :files) compopt -o filenames 2>/dev/null; local path
        while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -f -- "${word#"$skip"}") ;;
      *) [[ $candidate == *= ]] && compopt -o nospace 2>/dev/null; COMPREPLY+=("${candidate#"$skip"}") ;;
    esac
  done < <(snapform __complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _snapform snapform
"#;

const ZSH: &str = r#"#compdef snapform
# zsh completion for snapform: source <(snapform completion zsh)
_snapform() {
  local candidate
  for candidate in ${(f)"$(snapform __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)"}; do
    case $candidate in
      :files) compset -P '*='; _files ;;
      *=) compadd -Q -S '' -- $candidate ;;
      *) compadd -- $candidate ;;
    esac
  done
}
if [ "$funcstack[1]" = "_snapform" ]; then _snapform "$@"; else compdef _snapform snapform; fi
"#;

const FISH: &str = r#"# fish completion for snapform: snapform completion fish | source
function __snapform_complete
    set -l words (commandline -opc) (commandline -ct)
    for candidate in (snapform __complete -- $words[2..-1] 2>/dev/null)
        if test "$candidate" = ":files"
            __fish_complete_path (string replace -r '^[^=]*=' '' -- $words[-1])
        else
            echo $candidate
        end
    end
end
complete -c snapform -f -a '(__snapform_complete)'
"#;

/// Runs `completion`.
pub(crate) fn run(arguments: &CompletionArguments) -> anyhow::Result<ExitCode> {
    let text = match arguments.shell.as_str() {
        "bash" => BASH.to_owned(),
        "zsh" => ZSH.to_owned(),
        "fish" => FISH.to_owned(),
        _ => manual::page(),
    };
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Runs `__complete`. Whatever goes wrong, there are only fewer candidates.
pub(crate) fn complete(global: &Global, arguments: &CompleteArguments) -> anyhow::Result<ExitCode> {
    let found = candidates::of(&arguments.words, global);
    output::print(&found.iter().map(|candidate| format!("{candidate}\n")).collect::<String>())?;
    Ok(ExitCode::SUCCESS)
}
