module "m" {
  source = "./m"
  n      = 7
}
output "v" {
  value = module.m.v
}
