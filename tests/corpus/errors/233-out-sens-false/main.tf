variable "p" {
  sensitive = true
  default = 1
}
output "a" {
  value = var.p + 1
  sensitive = false
}
