module "m" {
  source = "./m"
  aa = 1
  bb = 2
}
