variable "a" {
  validation {
    condition     = var.a == "y"
    error_message = "no"
  }
}
