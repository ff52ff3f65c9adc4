resource "terraform_data" "a" {
  input = "x"
}
check "a" {
  data "terraform_remote_state" "r" {
    backend    = "local"
    config     = { path = "r.tfstate" }
    depends_on = [terraform_data.a]
  }
  assert {
    condition     = data.terraform_remote_state.r.outputs.v == terraform_data.a.output
    error_message = "differs: ${data.terraform_remote_state.r.outputs.v}"
  }
}
