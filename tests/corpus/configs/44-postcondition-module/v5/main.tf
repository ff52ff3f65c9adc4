module "m" {
  source = "./m"
  n      = 2
}
output "v" {
  value = module.m.v
}
