resource "terraform_data" "a-b_c9" {
}
output "x" {
  value = terraform_data.a-b_c9.nope
}
