variable "l" {
  default = []
}
resource "terraform_data" "b" {
}
resource "terraform_data" "c" {
  lifecycle {
    precondition {
      condition     = terraform_data.b.id == "x"
      error_message = var.l[0]
    }
  }
}
