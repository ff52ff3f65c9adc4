resource "terraform_data" "a" {
  input = { n = 2, l = ["x", "y"] }
}
locals {
  id    = terraform_data.a.id
  known = length(terraform_data.a.input.l)
  str   = "id=${local.id}"
  cond  = local.id != "" ? "set" : "unset"
  list  = [local.id, "b"]
  obj   = { for i, v in local.list : i => v }
}
resource "terraform_data" "b" {
  count = local.known
  input = local.list[count.index]
}
resource "terraform_data" "c" {
  for_each = toset(terraform_data.a.input.l)
  input    = "${each.key}${local.cond}"
}
output "ok" {
  value = [local.cond, length(local.str) > 3, startswith(local.str, "id="), length(local.obj), terraform_data.c["x"].output]
}
