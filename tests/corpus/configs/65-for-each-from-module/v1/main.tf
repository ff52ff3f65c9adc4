module "names" {
  source = "./names"
  prefix = "n"
}
resource "terraform_data" "r" {
  for_each = module.names.map
  input    = each.value
}
module "per" {
  source   = "./per"
  for_each = { for k, v in terraform_data.r : k => v.input }
  value    = each.value
  id       = terraform_data.r[each.key].id
}
output "o" {
  value = { for k, m in module.per : k => m.out }
}
