variable "v" {
  default = 1
}
resource "terraform_data" "a" {
  triggers_replace = var.v
}
resource "terraform_data" "b" {
  input            = terraform_data.a.id
  triggers_replace = terraform_data.a.id
}
resource "terraform_data" "c" {
  count            = 2
  triggers_replace = "${terraform_data.b.id}${count.index}"
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "d" {
  depends_on       = [terraform_data.c]
  triggers_replace = var.v
}
