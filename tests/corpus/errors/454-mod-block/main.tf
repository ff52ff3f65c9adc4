module "m" {
  source = "./m"
  foo {
  }
}
