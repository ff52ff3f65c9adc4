moved {
  from = module.a[0]
  to   = module.b.terraform_data.x
}
