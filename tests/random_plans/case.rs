//! One random configuration, planned by both programs in several ways.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::choice::Choice;
use super::generate;
use super::model::Module;
use super::program::{Program, plain};

/// A way to plan.
pub type Way = (&'static str, Vec<String>);

/// Plays the case of a seed in the folder; returns the differences. `ways` says how many ways to plan, 0 for all.
pub fn play(seed: u64, ways: usize, folder: &Path) -> Vec<String> {
    let mut choice = Choice::new(seed);
    let first = generate::module(&mut choice);
    let (theirs, ours) = (folder.join("theirs"), folder.join("ours"));
    write(&first, &theirs);
    write(&first, &ours);
    let [terraform, snapform] = [Program::Terraform, Program::Snapform];
    let mut wrong = Vec::new();
    let arguments = ["apply", "-auto-approve", "-no-color", "-input=false"].map(str::to_owned);
    let (their_apply, our_apply) = (terraform.run(&theirs, &arguments), snapform.run(&ours, &arguments));
    compare("exit code", "apply", code(&our_apply), code(&their_apply), &mut wrong);
    compare("errors", "apply", errors(&our_apply), errors(&their_apply), &mut wrong);
    if let Ok(state) = std::fs::read(theirs.join("terraform.tfstate")) {
        std::fs::write(ours.join("terraform.tfstate"), state).unwrap();
    }
    let listed = snapform.run(&ours, &["state".to_owned(), "list".to_owned()]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let addresses: Vec<&str> = listed.lines().collect();
    if choice.percent(15)
        && let Some(address) = addresses.get(choice.below(addresses.len()))
    {
        for (program, folder) in [(snapform, &ours), (terraform, &theirs)] {
            program.run(folder, &["taint".to_owned(), (*address).to_owned()]);
        }
        std::fs::copy(theirs.join("terraform.tfstate"), ours.join("terraform.tfstate")).unwrap();
    }

    let mut second = first.clone();
    generate::edit(&mut choice, &mut second);
    for folder in [&theirs, &ours] {
        clear(folder);
        write(&second, folder);
    }
    let mut all = all_ways(&mut choice, &addresses);
    if ways > 0 {
        let from = choice.below(all.len());
        all.rotate_left(from);
        all.truncate(ways);
    }
    for (name, flags) in all {
        let before = wrong.len();
        plan(&ours, &theirs, name, &flags, &mut wrong);
        for sentence in &mut wrong[before..] {
            *sentence = format!("{} {sentence}", flags.join(" "));
        }
    }
    wrong
}

fn all_ways(choice: &mut Choice, addresses: &[&str]) -> Vec<Way> {
    let owned = |flags: &[&str]| flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>();
    let mut ways = vec![
        ("plain", Vec::new()),
        (
            "other variable",
            owned(&[choice.of(&[
                "-var=v=two",
                "-var=n=1",
                "-var=on=false",
                "-var=list=[\"a\",\"c\"]",
                "-var=s=other",
            ])]),
        ),
        ("refresh only", owned(&["-refresh-only"])),
        ("destroy", owned(&["-destroy"])),
    ];
    let mut address = || {
        let address =
            if addresses.is_empty() { "terraform_data.a" } else { addresses[choice.below(addresses.len())] };
        match choice.below(4) {
            // The module instance, or the module or resource as a whole.
            0 => match address.rsplit_once(".terraform_data") {
                Some((module, _)) => module.to_owned(),
                None => address.split('[').next().unwrap_or(address).to_owned(),
            },
            1 if address.ends_with(']') => {
                address.rsplit_once('[').map_or(address, |(whole, _)| whole).to_owned()
            }
            _ => address.to_owned(),
        }
    };
    ways.push(("targeted destroy", vec!["-destroy".to_owned(), format!("-target={}", address())]));
    ways.push(("target", vec![format!("-target={}", address())]));
    if !addresses.is_empty() {
        ways.push(("replace", vec![format!("-replace={}", addresses[choice.below(addresses.len())])]));
    }
    ways
}

fn plan(ours: &Path, theirs: &Path, name: &str, flags: &[String], wrong: &mut Vec<String>) {
    let mut arguments =
        ["plan", "-no-color", "-input=false", "-detailed-exitcode", "-out=p"].map(str::to_owned).to_vec();
    arguments.extend_from_slice(flags);
    let [ours, theirs] =
        [(Program::Snapform, ours), (Program::Terraform, theirs)].map(|(program, folder)| {
            let _ = std::fs::remove_file(folder.join("p"));
            let planned = program.run(folder, &arguments);
            let shown = folder
                .join("p")
                .exists()
                .then(|| program.run(folder, &["show", "-json", "p"].map(str::to_owned)));
            (planned, shown)
        });
    // Terraform takes another order of an object's sensitive paths for a change of the state: its refresh-only plans end with 0 or 2
    // by chance (findings/refresh-only-by-chance.sh).
    let by_chance = name == "refresh only" && code(&theirs.0) != "Some(1)" && code(&ours.0) != "Some(1)";
    if !by_chance {
        compare("exit code", name, code(&ours.0), code(&theirs.0), wrong);
    }
    compare("errors", name, errors(&ours.0), errors(&theirs.0), wrong);
    if name != "destroy" {
        compare("text", name, text(&ours.0), text(&theirs.0), wrong);
    }
    if let (Some(ours), Some(theirs)) = (&ours.1, &theirs.1) {
        let (ours, theirs) = (document(ours), document(theirs));
        for (property, theirs) in &theirs {
            // Before it destroys everything Terraform plans as usual and takes what outputs would become for what they are.
            let of_no_use = name == "destroy"
                && matches!(&**property, "output_changes" | "prior_state" | "relevant_attributes");
            if of_no_use || (by_chance && property == "applyable") {
                continue;
            }
            let ours = ours.get(property).map_or("", String::as_str);
            compare(property, name, ours.to_owned(), theirs.clone(), wrong);
        }
    }
}

fn code(output: &Output) -> String {
    format!("{:?}", output.status.code())
}

/// The summaries of the errors, in order of the alphabet.
fn errors(output: &Output) -> String {
    let text = plain(&output.stderr);
    let mut errors: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("│ Error: ").or(line.strip_prefix("Error: ")))
        .collect();
    errors.sort_unstable();
    errors.dedup();
    errors.join("\n")
}

/// What a plan printed, without the lines whose order follows from chance, and without warnings: their words are compared
/// elsewhere. Paragraphs are put into one line, since the names of the programs differ in length.
fn text(output: &Output) -> String {
    let text = plain(&output.stdout);
    let mut all = String::new();
    for line in text.lines().take_while(|line| !line.contains("Warning: ") && !line.starts_with('─')) {
        if line.contains(": Refreshing state...") {
            continue;
        }
        let goes_on = line.starts_with(char::is_alphabetic) && !all.is_empty() && !all.ends_with("\n\n");
        if goes_on {
            all.truncate(all.trim_end().len());
            all.push(' ');
        }
        all.push_str(line);
        all.push('\n');
    }
    all.trim().trim_end_matches('╷').trim().to_owned()
}

/// The properties of a plan as JSON, one value a line.
fn document(output: &Output) -> BTreeMap<String, String> {
    let text = plain(&output.stdout);
    let members: BTreeMap<String, Value> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let members = members.into_iter().filter(|(name, _)| name != "timestamp" && name != "terraform_version");
    members
        .map(|(name, mut value)| {
            if let ("relevant_attributes" | "checks", Value::Array(items)) = (name.as_str(), &mut value) {
                items.sort_by_key(ToString::to_string);
            }
            if name == "prior_state" {
                // Terraform counts what is no longer declared among the dependencies of what refers to a module as a whole.
                drop_dependencies(&mut value);
            }
            sort_modules(&mut value);
            (name, format!("{value:#}"))
        })
        .collect()
}

fn drop_dependencies(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("depends_on");
            members.values_mut().for_each(drop_dependencies);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_dependencies),
        _ => {}
    }
}

/// The modules of a module stand in no order.
fn sort_modules(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::Array(modules)) = members.get_mut("child_modules") {
                modules.sort_by_key(|module| module["address"].to_string());
            }
            members.values_mut().for_each(sort_modules);
        }
        Value::Array(items) => items.iter_mut().for_each(sort_modules),
        _ => {}
    }
}

fn compare(what: &str, name: &str, ours: String, theirs: String, wrong: &mut Vec<String>) {
    if ours == theirs {
        return;
    }
    let difference = similar::TextDiff::from_lines(&theirs, &ours);
    let difference = difference.unified_diff().context_radius(3).to_string();
    let most: String = difference.chars().take(1500).collect();
    wrong.push(format!("[{name}] {what} (- Terraform, + snapform)\n{most}"));
}

fn write(module: &Module, folder: &Path) {
    for (path, text) in module.files() {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Takes away what is not the state.
fn clear(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            std::fs::remove_dir_all(path).unwrap();
        } else if path.extension().is_some_and(|extension| extension == "tf") {
            std::fs::remove_file(path).unwrap();
        }
    }
}
