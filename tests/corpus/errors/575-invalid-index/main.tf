variable "l" {
  default = []
  validation {
    condition     = var.l[2]
    error_message = var.l[0]
  }
}
