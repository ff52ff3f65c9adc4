variable "l" {
  default = []
  validation {
    condition     = length(var.l) == 1
    error_message = var.l[0]
  }
}
