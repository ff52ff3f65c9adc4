resource "terraform_data" "c" {
  input = 2
}
resource "terraform_data" "list" {
  for_each = toset(["x", "y"])
  input    = each.key == "x" ? 0 : 1
}
module "m" {
  count  = 1
  source = "./m"
}
moved {
  from = module.m
  to   = module.m[0]
}
