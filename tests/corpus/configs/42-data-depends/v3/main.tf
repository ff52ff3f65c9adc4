resource "terraform_data" "first" {
  input = "./s.tfstate"
}
data "terraform_remote_state" "dep" {
  backend    = "local"
  config     = { path = "s.tfstate" }
  depends_on = [terraform_data.first]
}
output "o" {
  value = data.terraform_remote_state.dep.outputs.v
}
