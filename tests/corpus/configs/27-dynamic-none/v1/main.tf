variable "items" {
  type    = map(object({ size = optional(number, 1), tags = optional(map(string), {}) }))
  default = { a = {}, b = { size = 5, tags = { x = "y" } } }
}
locals {
  flat = flatten([for k, v in var.items : [for i in range(v.size) : { key = "${k}-${i}", item = k, idx = i, tags = v.tags }]])
  by   = { for f in local.flat : f.key => f }
}
resource "terraform_data" "n" {
  for_each = local.by
  input    = { item = each.value.item, idx = each.value.idx, tags = merge(each.value.tags, { key = each.key }) }
}
output "keys" {
  value = keys(terraform_data.n)
}
output "outs" {
  value = { for k, r in terraform_data.n : k => r.output.tags }
}
