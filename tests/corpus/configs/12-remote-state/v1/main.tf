data "terraform_remote_state" "net" {
  backend = "local"
  config  = { path = "net.tfstate" }
  defaults = { missing = "dflt", id = "never" }
}
resource "terraform_data" "use" {
  input = data.terraform_remote_state.net.outputs.id
}
output "o" {
  value = {
    id      = terraform_data.use.output
    list    = data.terraform_remote_state.net.outputs.list
    missing = data.terraform_remote_state.net.outputs.missing
  }
}
output "secret" {
  value     = data.terraform_remote_state.net.outputs.secret
  sensitive = true
}
