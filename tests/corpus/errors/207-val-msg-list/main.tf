variable "b" {
  default = 5
  validation {
    condition     = var.b < 1
    error_message = ["x"]
  }
}
