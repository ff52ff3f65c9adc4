variable "v" { default = 1 }
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = terraform_data.a.output
}
resource "terraform_data" "c" {
  count = 2
  input = "${var.v}-${count.index}"
}
output "b" {
  value = terraform_data.b.output
}
