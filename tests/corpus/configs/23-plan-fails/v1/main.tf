variable "k" {
  default = "a"
  validation {
    condition     = contains(["a", "b"], var.k)
    error_message = "a or b."
  }
}
resource "terraform_data" "r" {
  input = { a = 1, b = 2 }[var.k]
}
output "r" {
  value = terraform_data.r.output
}
