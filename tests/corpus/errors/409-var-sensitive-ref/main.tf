variable "a" {
  sensitive = var.b
}
variable "b" {}
