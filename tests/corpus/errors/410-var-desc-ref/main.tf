variable "a" {
  description = "x ${local.y}"
}
