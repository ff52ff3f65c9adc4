resource "terraform_data" "b" {
  input = "in m"
}
output "x" {
  value = terraform_data.b.output
}
