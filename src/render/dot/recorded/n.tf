variable "in" {}
resource "terraform_data" "z" { input = var.in }
output "out" { value = terraform_data.z.output }
output "unused" { value = var.in }
