variable "w" {
  type    = map(list(string))
  default = { a = ["b", "c"], b = ["d"], c = ["d"], d = [] }
}
locals {
  edges = flatten([for k, v in var.w : [for x in v : { from = k, to = x }]])
  into  = { for k in keys(var.w) : k => [for e in local.edges : e.from if e.to == k] }
}
resource "terraform_data" "n" {
  for_each = local.into
  input    = join(",", each.value)
}
resource "terraform_data" "sum" {
  input = { for k, r in terraform_data.n : k => length(compact(split(",", r.output))) }
}
output "degree" {
  value = terraform_data.sum.output
}
