output "x" {
  value = local.a[0
}
output "y" {
  value = 1
}
