terraform {
  backend "local" {
    path = "custom.tfstate"
  }
}
check "net" {
  data "terraform_remote_state" "net" {
    backend = "local"
    config  = { path = "nothere.tfstate" }
  }
  assert {
    condition     = data.terraform_remote_state.net.outputs.x == 1
    error_message = "x must be 1"
  }
}
resource "terraform_data" "r" {
  input = "r"
}
output "r" {
  value = terraform_data.r.id != ""
}
