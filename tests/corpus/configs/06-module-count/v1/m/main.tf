variable "name" {
  type = string
}
resource "terraform_data" "r" {
  input = upper(var.name)
}
output "name" {
  value = terraform_data.r.output
}
output "len" {
  value = length(terraform_data.r.output)
}
