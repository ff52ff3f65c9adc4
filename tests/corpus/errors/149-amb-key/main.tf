locals {
  u = "x"
}
output "x" {
  value = { local.u = 1 }
}
