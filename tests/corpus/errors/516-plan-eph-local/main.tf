variable "e" {
  ephemeral = true
}
resource "terraform_data" "a" {
  count = var.e
}
