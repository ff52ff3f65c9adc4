variable "a" {
  type = object({ b = optional(string, var.x) })
}
