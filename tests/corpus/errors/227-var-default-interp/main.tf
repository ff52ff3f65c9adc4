variable "a" {
  default = "x-${var.b}"
}
