variable "l" {
  default = []
}
output "o" {
  value = 1
  precondition {
    condition     = length(var.l) == 0
    error_message = var.l[0]
  }
}
