variable "a" {
  type    = string
  default = "base"
}
locals {
  x = 1
  y = 2
}
resource "terraform_data" "r" {
  input            = "base"
  triggers_replace = [1]
}
output "o" {
  value = [var.a, local.x, local.y, terraform_data.r.output]
}
