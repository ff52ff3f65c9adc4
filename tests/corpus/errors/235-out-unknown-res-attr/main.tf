resource "terraform_data" "a" {
  input = { x = 1 }
}
output "o" {
  value = terraform_data.a.output.y
}
