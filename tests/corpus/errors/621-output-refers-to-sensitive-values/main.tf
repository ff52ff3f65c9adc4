resource "terraform_data" "a" {
  input = sensitive("x")
}
output "o" {
  value = "v: ${terraform_data.a.input}"
}
