variable "n" {
  type = number
}
resource "terraform_data" "r" {
  input = var.n
  lifecycle {
    precondition {
      condition     = var.n < 10
      error_message = "too big"
    }
    postcondition {
      condition     = self.output < 5
      error_message = "got ${self.output}"
    }
  }
}
output "v" {
  value = terraform_data.r.output
  precondition {
    condition     = terraform_data.r.output != 4
    error_message = "four"
  }
}
