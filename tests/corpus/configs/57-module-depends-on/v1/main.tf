resource "terraform_data" "gate" {
  input = "open"
}
module "m" {
  source     = "./m"
  depends_on = [terraform_data.gate]
}
output "m" {
  value = module.m.out
}
