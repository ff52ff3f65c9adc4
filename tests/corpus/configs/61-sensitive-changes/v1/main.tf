variable "s" {
  default = "x"
}
resource "terraform_data" "a" {
  input = var.s
}
output "o" {
  value = terraform_data.a.output
}
