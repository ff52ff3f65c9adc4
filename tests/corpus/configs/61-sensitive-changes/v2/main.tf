variable "s" {
  default   = "x"
  sensitive = true
}
resource "terraform_data" "a" {
  input = var.s
}
output "o" {
  value     = terraform_data.a.output
  sensitive = true
}
