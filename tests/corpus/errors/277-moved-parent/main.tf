moved {
  from = module.x[*].terraform_data.a
  to   = terraform_data.b
}
