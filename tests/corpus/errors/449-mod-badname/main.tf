module "m 1" {
  source = "./m"
}
