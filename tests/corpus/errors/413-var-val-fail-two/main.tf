variable "a" {
  default = "x"
  validation {
    condition     = length(var.a) > 1
    error_message = "Too short."
  }
  validation {
    condition     = can(regex("^y", var.a))
    error_message = "Bad: ${var.a}"
  }
}
