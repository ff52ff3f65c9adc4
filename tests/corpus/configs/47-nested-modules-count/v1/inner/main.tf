variable "name" {
}
resource "terraform_data" "r" {
  count = length(var.name) > 2 ? 1 : 0
  input = { name = var.name, path = path.module, root = path.root }
}
output "id_known" {
  value = terraform_data.r[0].output
}
