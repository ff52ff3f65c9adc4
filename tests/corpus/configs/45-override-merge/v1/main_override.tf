variable "v" {
  default = "7"
}
locals {
  b = 20
}
resource "terraform_data" "r" {
  triggers_replace = "u"
  lifecycle {
    create_before_destroy = true
  }
}
output "o" {
  value = local.b
}
