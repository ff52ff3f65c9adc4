module "m" {
  source = "./m"
  l = [1, "x", []]
}
