variable "l" {
  default = []
}
output "o" {
  value = 1
  precondition {
    condition     = length(var.l) == 1
    error_message = var.l[0]
  }
}
