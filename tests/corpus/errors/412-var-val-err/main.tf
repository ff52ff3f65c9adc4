variable "a" {
  default = "x"
  validation {
    condition     = tonumber(var.a) > 1
    error_message = "x"
  }
}
