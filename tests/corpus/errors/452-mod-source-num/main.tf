module "m" {
  source = 5
}
