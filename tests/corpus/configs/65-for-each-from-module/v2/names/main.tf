variable "prefix" {
  type = string
}
output "map" {
  value = { for i in range(1, 5) : "${var.prefix}${i}" => i * 100 }
}
