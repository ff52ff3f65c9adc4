module "z" {
  source = "./a"
}
moved {
  from = module.z.module.c.terraform_data.y["0"]
  to   = terraform_data.here
}
resource "terraform_data" "here" {
}
