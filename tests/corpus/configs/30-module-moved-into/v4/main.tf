module "n" {
  source   = "./m"
  for_each = { first = 1 }
}
moved {
  from = module.m[0]
  to   = module.n["first"]
}
output "o" {
  value = { for k, m in module.n : k => m.all }
}
