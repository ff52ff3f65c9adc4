variable "n" {
  default = 2
}
variable "zones" {
  default = { a = "one", b = "two" }
}
module "counted" {
  count  = var.n
  source = "./m"
  name   = "c${count.index}"
}
module "keyed" {
  for_each = var.zones
  source   = "./m"
  name     = "${each.key}-${each.value}"
}
output "all" {
  value = concat(module.counted[*].name, [for k, m in module.keyed : "${k}=${m.name}"])
}
output "first" {
  value = one(slice(module.counted, 0, 1)[*].name)
}
output "keyed" {
  value = { for k, m in module.keyed : k => m.len }
}
