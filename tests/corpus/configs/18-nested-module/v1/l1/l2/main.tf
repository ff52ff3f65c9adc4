variable "v" {}
locals {
  twice = [var.v, var.v]
}
resource "terraform_data" "r" {
  count = 2
  input = { v = local.twice[count.index], path = path.module, mod = basename(path.root) == "." }
}
output "out" {
  value = [for r in terraform_data.r : r.output]
}
