module "m" {
  source = "./m"
  v = 1
  v = 2
}
