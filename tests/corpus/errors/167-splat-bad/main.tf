output "x" {
  value = local.a[*
}
