variable "p" {
  sensitive = true
  default = true
}
output "a" {
  value = var.p ? 1 : 2
}
