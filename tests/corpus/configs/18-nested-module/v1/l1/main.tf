variable "v" {}
module "l2" {
  for_each = { p = var.v }
  source   = "./l2"
  v        = try(each.value + 1, "bad")
}
output "deep" {
  value = { for k, m in module.l2 : k => m.out }
}
