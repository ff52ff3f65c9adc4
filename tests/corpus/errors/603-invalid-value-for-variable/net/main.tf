variable "v" {
  validation {
    condition     = var.v < 2
    error_message = "v is ${var.v}"
  }
}
