variable "a" {
  default = "overridden"
}
locals {
  y = 20
}
resource "terraform_data" "r" {
  input = "over-${local.y}"
}
