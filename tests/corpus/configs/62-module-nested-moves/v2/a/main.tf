module "c" {
  source = "../b"
}
moved {
  from = module.b["k"]
  to   = module.c
}
