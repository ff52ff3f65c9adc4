module "z" {
  source = "./a"
}
moved {
  from = module.a
  to   = module.z
}
