data "terraform_remote_state" "x" {
  backend = "local"
  config  = { path = "s.tfstate" }
}
output "o" {
  value = data.terraform_remote_state.x.outputs.nope
}
