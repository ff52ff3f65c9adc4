variable "min" {
  type    = number
  default = 1
}
variable "max" {
  type    = number
  default = 5
  validation {
    condition     = var.max > var.min
    error_message = "max ${var.max} must be above min ${var.min}."
  }
  validation {
    condition     = contains(local.allowed, var.max)
    error_message = "Not allowed."
  }
}
locals {
  allowed = [for i in range(10) : i]
}
output "span" {
  value = var.max - var.min
}
