locals {
  l = [1]
  a = local.l[0:1]
}
