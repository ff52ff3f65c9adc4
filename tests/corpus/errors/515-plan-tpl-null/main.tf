variable "n" {
  default = null
}
output "o" {
  value = "x-${var.n}"
}
