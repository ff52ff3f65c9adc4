variable "v" {
  type = number
}
output "x" {
  value = var.v
  precondition {
    condition = var.v > 0
    error_message = "v must be positive."
  }
}
