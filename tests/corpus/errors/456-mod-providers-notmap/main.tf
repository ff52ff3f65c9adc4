module "m" {
  source    = "./m"
  providers = "x"
}
