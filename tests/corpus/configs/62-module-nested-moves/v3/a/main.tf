module "c" {
  source = "../b"
}
