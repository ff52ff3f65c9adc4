moved {
  from = terraform_data.a["zero"]
  to   = terraform_data.b
}
resource "terraform_data" "b" {
  input = 0
}
output "x" {
  value = terraform_data.b.output
}
