resource "terraform_data" "first" {
  input = "s.tfstate"
}
data "terraform_remote_state" "later" {
  backend = "local"
  config  = { path = terraform_data.first.output }
}
data "terraform_remote_state" "dep" {
  backend    = "local"
  config     = { path = "s.tfstate" }
  depends_on = [terraform_data.first]
}
data "terraform_remote_state" "def" {
  backend  = "local"
  config   = { path = "s.tfstate" }
  defaults = { extra = "d", v = "overridden" }
}
output "o" {
  value = [data.terraform_remote_state.later.outputs.v, data.terraform_remote_state.dep.outputs.v, data.terraform_remote_state.def.outputs]
}
