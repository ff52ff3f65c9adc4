variable "prefix" {
  type = string
}
output "map" {
  value = { for i in range(3) : "${var.prefix}${i}" => i * 10 }
}
