variable "v" {
  default = 1
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  count            = 2
  triggers_replace = terraform_data.a.output
}
module "m" {
  source = "./m"
  v      = var.v
}
output "a" {
  value = terraform_data.a.output
}
output "m" {
  value = module.m.v
}
