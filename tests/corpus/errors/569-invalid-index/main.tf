variable "l" {
  default = []
  validation {
    condition     = length(var.l) == 0
    error_message = var.l[0]
  }
}
