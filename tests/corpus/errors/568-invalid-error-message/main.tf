variable "l" {
  default = []
}
resource "terraform_data" "c" {
  lifecycle {
    precondition {
      condition     = length(var.l) == 0
      error_message = [var.l]
    }
  }
}
