variable "x" { default = 1 }
resource "terraform_data" "first" {
  input = var.x
}
module "l1" {
  source     = "./l1"
  v          = terraform_data.first.output
  depends_on = [terraform_data.first]
}
output "deep" {
  value = module.l1.deep
}
