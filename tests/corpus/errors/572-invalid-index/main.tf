variable "l" {
  default = []
}
resource "terraform_data" "c" {
  lifecycle {
    precondition {
      condition     = var.l[1]
      error_message = var.l[0]
    }
  }
}
