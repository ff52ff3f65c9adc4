variable "name" {
}
module "inner" {
  source   = "../inner"
  for_each = toset(["x", "y"])
  name     = "${var.name}-${each.key}"
}
output "inners" {
  value = { for k, m in module.inner : k => m.id_known }
}
