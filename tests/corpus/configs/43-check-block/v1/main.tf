variable "x" {
  default = 1
}
resource "terraform_data" "r" {
  input = var.x
}
check "known" {
  assert {
    condition     = var.x == 1
    error_message = "x is ${var.x}"
  }
}
check "after" {
  assert {
    condition     = terraform_data.r.output == 1
    error_message = "output is not one"
  }
}
check "remote" {
  data "terraform_remote_state" "s" {
    backend = "local"
    config  = { path = "nope.tfstate" }
  }
  assert {
    condition     = data.terraform_remote_state.s.outputs.v == 1
    error_message = "v"
  }
}
output "x" {
  value = var.x
}
