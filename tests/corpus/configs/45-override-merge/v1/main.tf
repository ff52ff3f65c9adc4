variable "v" {
  type        = number
  default     = 1
  description = "d"
}
locals {
  a = 1
  b = 2
}
resource "terraform_data" "r" {
  input            = var.v
  triggers_replace = "t"
  lifecycle {
    ignore_changes = [input]
  }
}
output "o" {
  value     = local.a
  sensitive = true
}
module "m" {
  source = "./m"
  x      = 1
}
output "m" {
  value = module.m.x
}
