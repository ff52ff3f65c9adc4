locals {
  ports = { http = 80, https = "443x" }
}
output "sum" {
  value = local.ports.http +
          local.ports.https
}
