variable "l" {
  default = [1, 20]
  validation {
    condition     = alltrue([for x in var.l : x < 10])
    error_message = "All must be below ten."
  }
}
