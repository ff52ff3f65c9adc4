locals {
  max = var.b
}
variable "b" {
  default = 5
  validation {
    condition     = var.b < local.max
    error_message = "Too large."
  }
}
