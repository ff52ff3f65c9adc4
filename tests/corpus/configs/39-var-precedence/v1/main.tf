variable "a" {
  default = "def"
}
variable "b" {
  default = "def"
}
variable "c" {
  default = "def"
}
variable "d" {
  default = "def"
}
variable "e" {
  default = "def"
}
variable "l" {
  type    = list(string)
  default = []
}
variable "m" {
  type    = map(number)
  default = {}
}
output "o" {
  value = [var.a, var.b, var.c, var.d, var.e, var.l, var.m]
}
