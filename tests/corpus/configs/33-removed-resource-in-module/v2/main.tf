module "m" {
  source = "./m"
  count  = 2
}
removed {
  from = module.m.terraform_data.b
  lifecycle {
    destroy = true
  }
}
