module "a" {
  source = "./m"
  v      = 1
}
module "b" {
  source = "./m"
  v      = module.a.v
}
resource "terraform_data" "solo" {
  input = module.b.v
}
output "b" {
  value = module.b.v
}
output "a" {
  value = module.a.v
}
