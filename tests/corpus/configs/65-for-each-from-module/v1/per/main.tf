variable "value" {
  type = number
}
variable "id" {
  type = string
}
locals {
  good = length(var.id) == 36
}
output "out" {
  value = local.good ? var.value + 1 : -1
}
