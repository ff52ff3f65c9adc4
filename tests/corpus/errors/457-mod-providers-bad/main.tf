module "m" {
  source = "./m"
  providers = {
    foo = 1
  }
}
