resource "terraform_data" "a" {
  input = { open = "x", hid = sensitive("y") }
}
output "o" {
  value     = terraform_data.a.output.open
}
