module "m" {
  source   = "./m"
  for_each = toset(["a"])
}
output "o" {
  value = module.m["b"].x
}
