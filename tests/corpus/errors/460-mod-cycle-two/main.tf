module "a" {
  source = "./m"
  a      = module.b.x
}
module "b" {
  source = "./m"
  a      = module.a.x
}
