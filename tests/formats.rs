//! Every format that was ever saved is read for ever: the specimens under `state/specimens/`.

use std::path::Path;

use snapform::state::State;

#[test]
fn states_of_terraform_read_and_write_back_byte_for_byte() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("state/specimens/terraform-1.11.4");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "tfstate") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let state = State::read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let written = state.to_bytes();
        assert!(written == bytes, "{} is written differently", path.display());
        seen += 1;
    }
    assert!(seen >= 7, "only {seen} specimens found");
}
