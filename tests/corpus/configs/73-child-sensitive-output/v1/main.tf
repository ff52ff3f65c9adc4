module "m" {
  source = "./m"
}
output "x" {
  value = module.m.x
}
resource "terraform_data" "u" {
  input = module.m.x
}
