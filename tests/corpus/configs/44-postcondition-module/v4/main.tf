module "m" {
  source = "./m"
  n      = 4
}
output "v" {
  value = module.m.v
}
