locals {
  l = [for i in range(3) : i]
}
output "o" {
  value = {
    for i in local.l :
    "k${i % 2}" => i
  }
}
