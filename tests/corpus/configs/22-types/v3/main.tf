resource "terraform_data" "t" {
  input = ["now", "a", "tuple"]
}
resource "terraform_data" "scalar" {
  input = "5"
}
output "t" {
  value = terraform_data.t.output
}
