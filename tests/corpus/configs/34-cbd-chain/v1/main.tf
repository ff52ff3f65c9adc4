variable "v" {
  default = "1"
}
resource "terraform_data" "base" {
  triggers_replace = var.v
}
resource "terraform_data" "mid" {
  triggers_replace = terraform_data.base.id
}
resource "terraform_data" "top" {
  triggers_replace = terraform_data.mid.id
  lifecycle {
    create_before_destroy = true
  }
}
output "v" {
  value = terraform_data.base.triggers_replace
}
