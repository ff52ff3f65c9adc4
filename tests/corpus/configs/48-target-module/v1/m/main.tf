variable "v" {}
resource "terraform_data" "r" {
  input = var.v
}
resource "terraform_data" "x" {
  count = 2
}
output "v" {
  value = terraform_data.r.output
}
