module "m" {
  source = "./m"
  a      = "n"
}
