variable "size" {
  default = 3
}
resource "terraform_data" "d" {
  input = var.size
  lifecycle {
    precondition {
      condition     = var.size > 0
      error_message = "Size must be positive."
    }
    postcondition {
      condition     = self.output < 100
      error_message = "Too big: ${self.output}."
    }
  }
}
check "size" {
  assert {
    condition     = terraform_data.d.output < 5
    error_message = "Larger than usual: ${terraform_data.d.output}"
  }
  assert {
    condition     = var.size % 2 == 1
    error_message = "Odd sizes only."
  }
}
output "size" {
  value = terraform_data.d.output
  precondition {
    condition     = var.size != 13
    error_message = "Unlucky."
  }
}
