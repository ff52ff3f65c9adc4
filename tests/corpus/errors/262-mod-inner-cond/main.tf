module "m" {
  source = "./m"
  v = 0
}
