module "m" {
  source = "./m"
  n      = 70
}
output "v" {
  value = module.m.v
}
