variable "a" {
  type = object({ b = optional() })
}
