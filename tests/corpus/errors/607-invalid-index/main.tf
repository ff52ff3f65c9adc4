locals {
  a = { for k in ["x"] : k => local.b[k] }
  b = { y = 1 }
}
