module "net" {
  for_each = { a = 1, b = 2 }
  source   = "./net"
  v        = each.value
}
