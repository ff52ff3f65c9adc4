moved {
  from = module.a.terraform_data.x
  to   = terraform_data.x
}
resource "terraform_data" "x" {}
module "a" {
  source = "./m"
}
