locals {
  a = {
    b = 1
    c = "x${local.a.b}"
  }
}
