variable "v" {
  default = "a"
}
resource "terraform_data" "p" {
  triggers_replace = var.v
  lifecycle {
    prevent_destroy = true
  }
}
resource "terraform_data" "q" {
  input = var.v
}
