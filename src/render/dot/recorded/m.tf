variable "in" {}
resource "terraform_data" "x" { input = var.in }
resource "terraform_data" "y" { input = terraform_data.x.output }
module "n" { 
 source = "./n" 
 in = terraform_data.y.output
}
output "out" { value = module.n.out }
