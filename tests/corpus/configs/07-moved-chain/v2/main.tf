resource "terraform_data" "c" {
  input = 1
}
resource "terraform_data" "list" {
  for_each = toset(["x", "y"])
  input    = each.key == "x" ? 0 : 1
}
module "m" {
  source = "./m"
}
moved {
  from = terraform_data.a
  to   = terraform_data.b
}
moved {
  from = terraform_data.b
  to   = terraform_data.c
}
moved {
  from = terraform_data.list[0]
  to   = terraform_data.list["x"]
}
moved {
  from = terraform_data.list[1]
  to   = terraform_data.list["y"]
}
moved {
  from = terraform_data.solo
  to   = module.m.terraform_data.solo
}
