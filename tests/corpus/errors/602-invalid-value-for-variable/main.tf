variable "l" {
  type = list(string)
  validation {
    condition     = alltrue([for x in var.l : length(x) < 3])
    error_message = "Too long: ${join(",", var.l)}"
  }
}
