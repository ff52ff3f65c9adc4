variable "a" {
  default = 1
  validation {
    condition     = var.a == 1 ? null : true
    error_message = "x"
  }
}
