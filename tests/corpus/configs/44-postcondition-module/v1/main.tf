module "m" {
  source = "./m"
  n      = 3
}
output "v" {
  value = module.m.v
}
