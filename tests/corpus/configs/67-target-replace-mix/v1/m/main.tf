variable "v" {}
resource "terraform_data" "x" {
  for_each = { k = 1, l = 2 }
  input    = var.v + each.value
}
output "v" {
  value = terraform_data.x["k"].output
}
