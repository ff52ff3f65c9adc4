check "c" {
  data "terraform_remote_state" "s" {
    backend = "local"
  }
  assert {
    condition     = data.terraform_remote_state.s.outputs != null
    error_message = "x"
  }
}
output "x" {
  value = data.terraform_remote_state.s.outputs
}
