variable "token" {
  type      = string
  ephemeral = true
}
variable "name" {
  default = "n"
  validation {
    condition     = length(var.name) < length(var.token)
    error_message = "Name too long."
  }
}
locals {
  derived = "${var.token}-x"
}
resource "terraform_data" "r" {
  input = ephemeralasnull(local.derived) == null ? "null" : "set"
  lifecycle {
    precondition {
      condition     = length(var.token) == 6
      error_message = "Token must have six characters."
    }
  }
}
output "r" {
  value = terraform_data.r.output
}
