variable "x" {}
variable "y" {}
output "x" {
  value = var.x + var.y
}
