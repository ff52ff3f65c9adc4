module "m" {
  source = "./m"
  cfg = {
    name = "x"
    size = "big"
  }
}
