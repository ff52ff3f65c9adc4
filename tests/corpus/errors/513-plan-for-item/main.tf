variable "l" {
  default = [{ a = 1 }, { b = 2 }]
}
output "o" {
  value = [for x in var.l : x.a]
}
